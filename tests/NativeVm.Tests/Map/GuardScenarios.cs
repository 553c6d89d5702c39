using NativeVm.Tests.Support;

namespace NativeVm.Tests.Map;

/// <summary>Overruns that end in a guard. Each runs in a child process.</summary>
internal static unsafe class GuardScenarios
{
    public const string Survived = "survived";

    public static void RunIntoGuard(string[] arguments)
    {
        VmMap map = TestMaps.Real(1 << 20);
        nuint page = map.PageSize;
        nuint target;
        if (arguments[0] == "stack")
        {
            // An interpreter that never returns: it grows page by page until the reserve is used up, and goes on.
            map.FindStack(16 * page, page, page, 0, out nuint top).ThrowIfFailed();
            target = top;
            for (int depth = 0; depth < 16; depth++)
            {
                target -= page;
                map.GrowStack(target).ThrowIfFailed();
                new Span<byte>((void*)target, (int)page).Fill((byte)depth);
            }

            target -= sizeof(ulong);
            map.GrowStack(target).ThrowIfFailed();
        }
        else
        {
            SpaceRequest request = new(3 * page) { GuardBefore = page, GuardAfter = page };
            map.Find(request, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
            map.Guard(address + page, page).ThrowIfFailed();
            new Span<byte>((void*)address, (int)page).Fill(1);
            new Span<byte>((void*)(address + (2 * page)), (int)page).Fill(1);
            target = arguments[0] switch
            {
                "before" => address - 1,
                "after" => address + (3 * page),
                _ => address + page,
            };
        }

        Console.Out.WriteLine(ChildScenarios.ReachedFault);
        Console.Out.Flush();
        Volatile.Write(ref *(byte*)target, 1);
        Console.Out.WriteLine(Survived);
        Console.Out.Flush();
    }
}
