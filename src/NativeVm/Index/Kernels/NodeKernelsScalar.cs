namespace NativeVm.Index.Kernels;

/// <summary>The kernels of <see cref="NodeKernels"/>, one element after another.</summary>
internal static unsafe class NodeKernelsScalar
{
    public static int CountAtOrBelow(ulong* keys, ulong page)
    {
        int low = 0;
        int high = 64;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (keys[middle] <= page)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    public static ulong AtLeast(int* row, int value)
    {
        ulong mask = 0;
        for (int i = 0; i < 64; i++)
        {
            mask |= row[i] >= value ? 1UL << i : 0;
        }

        return mask;
    }

    public static int Largest(int* row)
    {
        int largest = row[0];
        for (int i = 1; i < 64; i++)
        {
            largest = Math.Max(largest, row[i]);
        }

        return largest;
    }

    public static uint Above(int* offsets, int value)
    {
        uint mask = 0;
        for (int i = 0; i < 32; i++)
        {
            mask |= offsets[i] > value ? 1u << i : 0;
        }

        return mask;
    }

    public static uint Differing(int* first, int* second)
    {
        uint mask = 0;
        for (int i = 0; i < 32; i++)
        {
            mask |= first[i] != second[i] ? 1u << i : 0;
        }

        return mask;
    }

    public static uint Fitting(int* ends, int* nexts, int from, int mask, int length)
    {
        uint result = 0;
        for (int i = 0; i < 32; i++)
        {
            int start = (Math.Max(ends[i], from) + mask) & ~mask;
            result |= nexts[i] - start >= length ? 1u << i : 0;
        }

        return result;
    }

    public static void Open(int* elements, int index, int value)
    {
        new Span<int>(elements + index, 31 - index).CopyTo(new Span<int>(elements + index + 1, 31 - index));
        elements[index] = value;
    }

    public static void Close(int* elements, int index, int last)
    {
        new Span<int>(elements + index + 1, 31 - index).CopyTo(new Span<int>(elements + index, 31 - index));
        elements[31] = last;
    }
}
