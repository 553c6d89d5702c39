using NativeVm.Platform;

namespace NativeVm.Tool.Replay.Targets;

/// <summary>
/// Something that maps memory, which a script is replayed into. All lengths and offsets are multiples of the page
/// size and not 0. A method that answers false has changed nothing and leaves the reason in <see cref="Refusal"/>.
/// </summary>
internal interface IReplayTarget : IDisposable
{
    /// <summary>The name to show people.</summary>
    string Name { get; }

    /// <summary>System calls made for the target until now.</summary>
    long SystemCallCount { get; }

    /// <summary>The latest refusal, for people; null when there was none.</summary>
    string? Refusal { get; }

    /// <summary>Maps zeroed pages wherever the target likes.</summary>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="protection">What may be done to them; none reserves addresses only.</param>
    /// <param name="address">Where they lie.</param>
    bool TryMap(nuint byteCount, PageProtection protection, out nuint address);

    /// <summary>Puts zeroed pages in the place of mapped ones.</summary>
    /// <param name="part">The part to replace, all mapped.</param>
    /// <param name="protection">What may be done to the new pages; none reserves addresses only.</param>
    bool TryReplace(in BlockPart part, PageProtection protection);

    /// <summary>Gives pages and addresses back.</summary>
    /// <param name="part">The part to unmap, all mapped.</param>
    bool TryUnmap(in BlockPart part);

    /// <summary>Changes what may be done to pages; ones that were only reserved get memory.</summary>
    /// <param name="part">The part to change, all mapped.</param>
    /// <param name="protection">What may be done to the pages.</param>
    bool TryProtect(in BlockPart part, PageProtection protection);

    /// <summary>Gives pages back and keeps the range as it is otherwise.</summary>
    /// <param name="part">The part, all accessible.</param>
    /// <param name="protection">What may be done to the pages, before and after.</param>
    bool TryDiscard(in BlockPart part, PageProtection protection);
}
