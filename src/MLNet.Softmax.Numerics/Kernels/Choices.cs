namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>A choice at compile time: the compiler creates a separate loop for each value. The pairs below are the choices.</summary>
internal interface IChoice
{
    static abstract bool IsYes { get; }
}

/// <summary>Whether results are written, or the exponentials are only summed.</summary>
internal readonly struct WritesResults : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="WritesResults"/>
internal readonly struct SumsOnly : IChoice { public static bool IsYes => false; }

/// <summary>Whether the result is the logarithm of the softmax.</summary>
internal readonly struct AsLogarithms : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="AsLogarithms"/>
internal readonly struct AsProbabilities : IChoice { public static bool IsYes => false; }

/// <summary>Whether exponentials are stored until they can be divided, or only summed so that the scores are read again.</summary>
internal readonly struct KeepsExponentials : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="KeepsExponentials"/>
internal readonly struct KeepsScores : IChoice { public static bool IsYes => false; }

/// <summary>Whether three rows exceed the first-level cache.</summary>
internal readonly struct BeyondFirstLevel : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="BeyondFirstLevel"/>
internal readonly struct InFirstLevel : IChoice { public static bool IsYes => false; }

/// <summary>Whether an offset is subtracted from every score.</summary>
internal readonly struct WithOffset : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="WithOffset"/>
internal readonly struct WithoutOffset : IChoice { public static bool IsYes => false; }

/// <summary>Whether results are written to memory directly, bypassing the caches.</summary>
internal readonly struct PastCaches : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="PastCaches"/>
internal readonly struct ToCaches : IChoice { public static bool IsYes => false; }

/// <summary>Whether each row has a shift of its own.</summary>
internal readonly struct ShiftPerRow : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="ShiftPerRow"/>
internal readonly struct OneShift : IChoice { public static bool IsYes => false; }

/// <summary>Whether the shift is a guess, which may not suit a row.</summary>
internal readonly struct GuessedShift : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="GuessedShift"/>
internal readonly struct KnownShift : IChoice { public static bool IsYes => false; }

/// <summary>Whether the temperature is 1 and one float is exact enough for ln 2.</summary>
internal readonly struct AtOne : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="AtOne"/>
internal readonly struct AtAnyTemperature : IChoice { public static bool IsYes => false; }

/// <summary>Whether a block of a matrix has four rows.</summary>
internal readonly struct FourRows : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="FourRows"/>
internal readonly struct OneRow : IChoice { public static bool IsYes => false; }

/// <summary>Whether a block of a matrix has two whole vectors of columns.</summary>
internal readonly struct TwoVectors : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="TwoVectors"/>
internal readonly struct OneVector : IChoice { public static bool IsYes => false; }

/// <summary>Whether the loss at temperature 1 is computed too.</summary>
internal readonly struct AlsoAtOne : IChoice { public static bool IsYes => true; }

/// <inheritdoc cref="AlsoAtOne"/>
internal readonly struct NotAtOne : IChoice { public static bool IsYes => false; }
