namespace MLNet.Softmax.Numerics;

/// <summary>How many rows a fit or an evaluation could not use, by reason. A row counts once, for the first reason that applies.</summary>
/// <param name="MissingLabel">The label is missing: a negative class index, a key of 0, NaN, an empty text.</param>
/// <param name="UnknownLabel">The label is not one of the classes of the scores.</param>
/// <param name="NotFinite">
/// The scores contain NaN or +infinity, so they define no distribution. A fit also counts here rows in which every score is -infinity,
/// scores above 1e30 and, for probabilities, negative values and rows of zeros.
/// </param>
/// <param name="InvalidWeight">The row's weight is negative, NaN or infinite.</param>
/// <param name="ZeroWeight">The row's weight is 0.</param>
/// <param name="RuledOutLabel">
/// The fit is on logits, and the true class has the logit -infinity or a mask (see <see cref="Calibration.CalibrationRows"/>): no
/// calibration of these scores can give it a probability.
/// </param>
public sealed record RowsLeftOut(
    long MissingLabel, long UnknownLabel, long NotFinite, long InvalidWeight, long ZeroWeight, long RuledOutLabel = 0)
{
    /// <summary>No row was left out.</summary>
    public static RowsLeftOut None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>All rows left out.</summary>
    public long Total => MissingLabel + UnknownLabel + NotFinite + InvalidWeight + ZeroWeight + RuledOutLabel;

    /// <summary>Adds two counts, reason by reason.</summary>
    /// <param name="left">The rows left out of one part of the data.</param>
    /// <param name="right">The rows left out of another part.</param>
    public static RowsLeftOut operator +(RowsLeftOut left, RowsLeftOut right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(
            left.MissingLabel + right.MissingLabel, left.UnknownLabel + right.UnknownLabel, left.NotFinite + right.NotFinite,
            left.InvalidWeight + right.InvalidWeight, left.ZeroWeight + right.ZeroWeight, left.RuledOutLabel + right.RuledOutLabel);
    }

    /// <summary>Lists the reasons that occurred with their numbers of rows, the same in every culture.</summary>
    /// <returns>For example "3 without a label, 1 with NaN or otherwise unusable scores"; "none" if no row was left out.</returns>
    public override string ToString()
    {
        (long Count, string Reason)[] reasons =
        [
            (MissingLabel, "without a label"),
            (UnknownLabel, "with a label that is none of the classes"),
            (NotFinite, "with NaN or otherwise unusable scores"),
            (InvalidWeight, "with a negative, NaN or infinite weight"),
            (ZeroWeight, "with weight 0"),
            (RuledOutLabel, "whose true class is ruled out by a logit of -infinity or a mask such as -1e9"),
        ];
        var occurred = reasons.Where(reason => reason.Count != 0)
            .Select(reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Count} {reason.Reason}"));
        return string.Join(", ", occurred.DefaultIfEmpty("none"));
    }
}

/// <summary>Decides by label and weight whether a fit can use a row, and counts the rows that it cannot use.</summary>
internal struct LeftOutCounter
{
    private long _missingLabel;
    private long _unknownLabel;
    private long _notFinite;
    private long _invalidWeight;
    private long _zeroWeight;
    private long _ruledOutLabel;

    public readonly RowsLeftOut Total => new(_missingLabel, _unknownLabel, _notFinite, _invalidWeight, _zeroWeight, _ruledOutLabel);

    public bool Admits(int label, int classCount, float weight)
    {
        if (label < 0)
            _missingLabel++;
        else if (label >= classCount)
            _unknownLabel++;
        else if (!(weight >= 0 && float.IsFinite(weight)))
            _invalidWeight++;
        else if (weight == 0)
            _zeroWeight++;
        else
            return true;
        return false;
    }

    public void AddNotFinite() => _notFinite++;

    public void AddRuledOutLabel() => _ruledOutLabel++;
}
