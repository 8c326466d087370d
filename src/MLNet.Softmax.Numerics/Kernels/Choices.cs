namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>A choice at compile time: the compiler creates a separate loop for each value. The pairs below are the choices.</summary>
internal interface IChoice
{
    static virtual bool IsYes => false;
}

/// <summary>Whether results are written, or the exponentials are only summed.</summary>
internal readonly struct WritesResults : IChoice { public static bool IsYes => true; }
internal readonly struct SumsOnly : IChoice;

/// <summary>Whether the result is the logarithm of the softmax.</summary>
internal readonly struct AsLogarithms : IChoice { public static bool IsYes => true; }
internal readonly struct AsProbabilities : IChoice;

/// <summary>Whether exponentials are stored until they can be divided, or only summed so that the scores are read again.</summary>
internal readonly struct KeepsExponentials : IChoice { public static bool IsYes => true; }
internal readonly struct KeepsScores : IChoice;

/// <summary>Whether an offset is subtracted from every score.</summary>
internal readonly struct WithOffset : IChoice { public static bool IsYes => true; }
internal readonly struct WithoutOffset : IChoice;

/// <summary>Whether results are written to memory directly, bypassing the caches.</summary>
internal readonly struct PastCaches : IChoice { public static bool IsYes => true; }
internal readonly struct ToCaches : IChoice;

/// <summary>Whether each row has a shift of its own.</summary>
internal readonly struct ShiftPerRow : IChoice { public static bool IsYes => true; }
internal readonly struct OneShift : IChoice;

/// <summary>Whether the shift is a guess, which may not suit a row.</summary>
internal readonly struct GuessedShift : IChoice { public static bool IsYes => true; }
internal readonly struct KnownShift : IChoice;

/// <summary>Whether the temperature is 1 and one float is exact enough for ln 2.</summary>
internal readonly struct AtOne : IChoice { public static bool IsYes => true; }
internal readonly struct AtAnyTemperature : IChoice;

/// <summary>Whether a row, or a block of a matrix, has two vectors.</summary>
internal readonly struct TwoVectors : IChoice { public static bool IsYes => true; }
internal readonly struct OneVector : IChoice;
