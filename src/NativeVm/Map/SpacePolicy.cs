namespace NativeVm;

/// <summary>Which of the places that satisfy a <see cref="SpaceRequest"/> is taken. Every one is exact.</summary>
public enum SpacePolicy : byte
{
    /// <summary>The lowest.</summary>
    First,

    /// <summary>The highest: the other end of a map that is used from two ends.</summary>
    Last,

    /// <summary>The lowest at or above <see cref="SpaceRequest.Mark"/>; if there is none, the lowest.</summary>
    Next,

    /// <summary>
    /// The lowest in the smallest gap that has one; of equal gaps the lowest. A gap is measured whole, less its
    /// growth reserve unless reserves are included, whatever the request's bounds.
    /// </summary>
    Best,

    /// <summary>One of all places with equal probability, from the system's random numbers; for hardening.</summary>
    Random,

    /// <summary>The place whose start is nearest to <see cref="SpaceRequest.Mark"/>; of two, the lower.</summary>
    Nearest,
}
