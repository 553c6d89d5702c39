using NativeVm.Index.Tree;

namespace NativeVm.Index.Kernels;

/// <summary>The kernels of <see cref="FigureKernels"/>, one class after another.</summary>
internal static unsafe class FigureKernelsScalar
{
    public static void OfGaps(int* ends, int* nexts, int* figures)
    {
        for (int k = 0; k < FigureClasses.Count; k++)
        {
            int best = 0;
            for (int i = 0; i < 32; i++)
            {
                best = Math.Max(best, Room(k, ends[i], nexts[i]));
            }

            figures[k] = best;
        }
    }

    public static uint Raise(int* figures, int low, int high)
    {
        uint changed = 0;
        for (int k = 0; k < FigureClasses.Count; k++)
        {
            changed |= Rise(figures, k, Room(k, low, high));
        }

        return changed;
    }

    public static uint Bound(int* figures, int low, int start, int end, int high)
    {
        uint bound = 0;
        for (int k = 0; k < FigureClasses.Count; k++)
        {
            int fresh = Math.Max(Math.Max(Room(k, low, start), Room(k, end, high)), 0);
            bound |= figures[k] == Room(k, low, high) && figures[k] > fresh ? 1u << k : 0;
        }

        return bound;
    }

    public static uint Take(int* figures, int* fresh)
    {
        uint changed = 0;
        for (int k = 0; k < FigureClasses.Count; k++)
        {
            changed |= figures[k] != fresh[k] ? 1u << k : 0;
            figures[k] = fresh[k];
        }

        return changed;
    }

    public static uint Join(int* figures, int* others)
    {
        uint changed = 0;
        for (int k = 0; k < FigureClasses.Count; k++)
        {
            changed |= Rise(figures, k, others[k]);
        }

        return changed;
    }

    public static uint Same(int* figures, int* others)
    {
        uint same = 0;
        for (int k = 0; k < FigureClasses.Count; k++)
        {
            same |= figures[k] == others[k] ? 1u << k : 0;
        }

        return same;
    }

    private static uint Rise(int* figures, int k, int least)
    {
        if (least <= figures[k])
        {
            return 0;
        }

        figures[k] = least;
        return 1u << k;
    }

    private static int Room(int k, int low, int high)
    {
        int mask = k == FigureClasses.WithReserves ? 0 : (1 << k) - 1;
        return high - low - (-low & mask);
    }
}
