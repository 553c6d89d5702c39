using NativeVm.Tool.Ranges;

namespace NativeVm.Tests.Tool.Ranges;

public class RangeTableTests
{
    [Fact]
    public void Random_changes_agree_with_one_state_for_each_number()
    {
        const int Size = 60;
        Random random = new(2);
        RangeTable<int> table = new();
        int[] model = new int[Size];
        for (int i = 0; i < 50_000; i++)
        {
            int start = random.Next(Size);
            int end = random.Next(start, Size + 1);
            int state = random.Next(4);
            if (state == 0)
            {
                table.Remove((ulong)start, (ulong)end);
            }
            else
            {
                table.Set((ulong)start, (ulong)end, state);
            }

            Array.Fill(model, state, start, end - start);
            Assert.Equal(Runs(model, 0, Size), table.Ranges);

            List<StatefulRange<int>> found = [];
            table.Find((ulong)start, (ulong)end, found);
            Assert.Equal(Runs(model, start, end), found);
        }
    }

    private static List<StatefulRange<int>> Runs(int[] model, int start, int end)
    {
        List<StatefulRange<int>> runs = [];
        for (int i = start; i < end;)
        {
            int first = i;
            while (i < end && model[i] == model[first])
            {
                i++;
            }

            if (model[first] != 0)
            {
                runs.Add(new StatefulRange<int>((ulong)first, (ulong)i, model[first]));
            }
        }

        return runs;
    }
}
