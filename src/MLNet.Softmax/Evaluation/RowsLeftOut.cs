using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax;

/// <summary>How many rows an evaluation could not use, by reason.</summary>
/// <param name="MissingLabel">The label is missing (a key of 0, NaN, an empty text).</param>
/// <param name="UnknownLabel">The label is none of the classes that the probabilities are for.</param>
/// <param name="NotFinite">The probabilities hold NaN or an infinity.</param>
/// <param name="InvalidWeight">The sample weight is negative, NaN or infinite.</param>
/// <param name="ZeroWeight">The sample weight is zero.</param>
public sealed record RowsLeftOut(long MissingLabel, long UnknownLabel, long NotFinite, long InvalidWeight, long ZeroWeight)
{
    /// <summary>No row was left out.</summary>
    public static RowsLeftOut None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>All rows left out.</summary>
    public long Total => MissingLabel + UnknownLabel + NotFinite + InvalidWeight + ZeroWeight;

    /// <summary>The reasons that occurred, with their numbers.</summary>
    /// <returns>As "3 missing label, 1 NaN or infinite probability"; "none" where no row was left out.</returns>
    public override string ToString()
    {
        (long Count, string Reason)[] reasons =
        [
            (MissingLabel, "missing label"), (UnknownLabel, "label that is none of the classes"), (NotFinite, "NaN or infinite probability"),
            (InvalidWeight, "negative or non-finite weight"), (ZeroWeight, "zero weight"),
        ];
        return Total == 0 ? "none" : string.Join(", ", reasons.Where(reason => reason.Count > 0).Select(reason => $"{reason.Count} {reason.Reason}"));
    }

    internal RowsLeftOut Plus(RowsLeftOut other) => new(
        MissingLabel + other.MissingLabel, UnknownLabel + other.UnknownLabel, NotFinite + other.NotFinite,
        InvalidWeight + other.InvalidWeight, ZeroWeight + other.ZeroWeight);
}
