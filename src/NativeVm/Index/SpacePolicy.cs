namespace NativeVm.Index;

/// <summary>Which of the places that satisfy a query is taken. Every one is exact.</summary>
internal enum SpacePolicy : byte
{
    /// <summary>The lowest.</summary>
    First,

    /// <summary>The highest.</summary>
    Last,

    /// <summary>The lowest at or above <see cref="SpaceQuery.Mark"/>; if there is none, the lowest.</summary>
    Next,

    /// <summary>
    /// The lowest in the smallest gap that has one; of equal gaps the lowest. A gap is measured whole, less its
    /// growth reserve unless reserves are included, whatever the query's bounds.
    /// </summary>
    Best,

    /// <summary>One of all places with equal probability, by the random number in <see cref="SpaceQuery.Mark"/>.</summary>
    Random,

    /// <summary>The place whose start is nearest to <see cref="SpaceQuery.Mark"/>; of two, the lower.</summary>
    Nearest,
}
