namespace NativeVm.Testing;

/// <summary>By which call a range of addresses was taken.</summary>
internal enum ReservationKind : byte
{
    /// <summary>A plain reservation.</summary>
    Plain,

    /// <summary>A reservation whose parts can be replaced.</summary>
    Placeholder,

    /// <summary>A mapping of an object at free addresses.</summary>
    View,
}
