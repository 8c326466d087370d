namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>How many rows a fit could not use, by reason.</summary>
/// <param name="MissingLabel">Rows without a label (a negative class index).</param>
/// <param name="LabelOutsideClasses">Rows whose label is a class that the scores do not have.</param>
/// <param name="UnusableScores">
/// Rows whose scores define no distribution: a NaN, +infinity, nothing but -infinity, a magnitude above 1e30, or, among
/// probabilities, a negative value or a row of zeros.
/// </param>
public sealed record LeftOutRows(long MissingLabel, long LabelOutsideClasses, long UnusableScores)
{
    /// <summary>All rows left out, whatever the reason.</summary>
    public long Total => MissingLabel + LabelOutsideClasses + UnusableScores;

    /// <summary>The counts in words, for messages: "none", or each reason with its number of rows.</summary>
    public string Describe()
    {
        if (Total == 0)
            return "none";
        var reasons = new List<string>(3);
        if (MissingLabel > 0)
            reasons.Add($"{MissingLabel} without a label");
        if (LabelOutsideClasses > 0)
            reasons.Add($"{LabelOutsideClasses} with a label outside the classes");
        if (UnusableScores > 0)
            reasons.Add($"{UnusableScores} with NaN, infinite or otherwise unusable scores");
        return string.Join(", ", reasons);
    }
}
