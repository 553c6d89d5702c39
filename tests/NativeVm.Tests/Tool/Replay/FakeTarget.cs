using NativeVm.Platform;
using NativeVm.Tool.Replay.Targets;

namespace NativeVm.Tests.Tool.Replay;

/// <summary>
/// A target that keeps one protection for each page, checks that it is asked for nothing unlawful, and writes down
/// what it is asked. Its addresses stand for nothing: they must not be touched.
/// </summary>
internal sealed class FakeTarget : IReplayTarget
{
    public const nuint PageSize = 4096;
    private readonly Dictionary<nuint, nuint> _blockEnds = [];
    private nuint _next = 1 << 20;

    /// <summary>The protection of every mapped page, by its address.</summary>
    public SortedDictionary<nuint, PageProtection> Pages { get; } = [];

    /// <summary>What was asked, in order.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Tells which requests are refused, by their text.</summary>
    public Predicate<string> IsRefused { get; set; } = _ => false;

    public bool IsDisposed { get; private set; }

    public string Name => "fake";

    public long SystemCallCount { get; set; }

    public string? Refusal { get; private set; }

    public bool TryMap(nuint byteCount, PageProtection protection, out nuint address)
    {
        address = 0;
        if (!Request($"map {byteCount / PageSize} {protection}"))
        {
            return false;
        }

        address = _next;
        _next += byteCount + PageSize;
        _blockEnds.Add(address, address + byteCount);
        Set(address, byteCount, protection);
        return true;
    }

    public bool TryReplace(in BlockPart part, PageProtection protection) =>
        Request(Text("replace", part) + $" {protection}") && Change(part, protection);

    public bool TryUnmap(in BlockPart part)
    {
        if (!Request(Text("unmap", part) + (part.EndsBlock ? " end" : string.Empty)))
        {
            return false;
        }

        RequireMapped(part);
        for (nuint page = part.Address; page < part.Address + part.ByteCount; page += PageSize)
        {
            Pages.Remove(page);
        }

        nuint start = part.BlockAddress;
        bool isEmpty = !Pages.Keys.Any(page => page >= start && page < _blockEnds[start]);
        Assert.Equal(isEmpty, part.EndsBlock);
        return true;
    }

    public bool TryProtect(in BlockPart part, PageProtection protection) =>
        Request(Text("protect", part) + $" {protection}") && Change(part, protection);

    public bool TryDiscard(in BlockPart part, PageProtection protection) =>
        Request(Text("discard", part)) && Change(part, protection);

    public void Dispose() => IsDisposed = true;

    private static string Text(string name, in BlockPart part) =>
        $"{name} {part.Offset / PageSize}+{part.ByteCount / PageSize}";

    private bool Request(string text)
    {
        Assert.False(IsDisposed);
        Requests.Add(text);
        SystemCallCount++;
        if (IsRefused(text))
        {
            Refusal = $"refused: {text}";
            return false;
        }

        return true;
    }

    private bool Change(in BlockPart part, PageProtection protection)
    {
        RequireMapped(part);
        Set(part.Address, part.ByteCount, protection);
        return true;
    }

    private void RequireMapped(in BlockPart part)
    {
        Assert.True(part.ByteCount != 0 && part.Address + part.ByteCount <= _blockEnds[part.BlockAddress]);
        for (nuint page = part.Address; page < part.Address + part.ByteCount; page += PageSize)
        {
            Assert.True(Pages.ContainsKey(page), $"0x{page:x} is not mapped");
        }
    }

    private void Set(nuint address, nuint byteCount, PageProtection protection)
    {
        for (nuint page = address; page < address + byteCount; page += PageSize)
        {
            Pages[page] = protection;
        }
    }
}
