namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>Answers of any model: the confidence of each, and whether it was right.</summary>
internal static class ConfidentAnswers
{
    public static ReliabilityBin[] ToBins(IReadOnlyList<float> confidences, IReadOnlyList<bool> isCorrect, BinLayout layout) =>
        Add(confidences, isCorrect, new TopLabelCalibration(layout), static (calibration, row) => calibration.Add(row)).ToBins();

    public static RiskCoveragePoint[] ToRiskCoverage(IReadOnlyList<float> confidences, IReadOnlyList<bool> isCorrect) =>
        Add(confidences, isCorrect, new RiskCoverage(), static (curve, row) => curve.Add(row)).ToPoints();

    /// <summary>
    /// Checks that there is one value per row and that each is a probability. Otherwise throws an exception that names the row.
    /// </summary>
    public static void Check(
        IReadOnlyList<float> probabilities, IReadOnlyList<bool> outcomes, string probabilitiesName, string outcomesName)
    {
        ArgumentNullException.ThrowIfNull(probabilities, probabilitiesName);
        ArgumentNullException.ThrowIfNull(outcomes, outcomesName);
        if (probabilities.Count != outcomes.Count)
        {
            throw new ArgumentException(
                $"'{probabilitiesName}' has {probabilities.Count} rows and '{outcomesName}' has {outcomes.Count}. Give both for every row.",
                outcomesName);
        }

        for (int row = 0; row < probabilities.Count; row++)
        {
            if (!(probabilities[row] is >= 0 and <= 1))
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Row {row} of '{probabilitiesName}' is {probabilities[row]}. Expected probabilities from 0 to 1; a softmax makes them "
                    + $"of logits."), probabilitiesName);
            }
        }
    }

    private static T Add<T>(
        IReadOnlyList<float> confidences, IReadOnlyList<bool> isCorrect, T metric, Action<T, ReadOnlySpan<RowOutcome>> add)
    {
        Check(confidences, isCorrect, nameof(confidences), nameof(isCorrect));
        for (int row = 0; row < confidences.Count; row++)
        {
            int label = isCorrect[row] ? 0 : 1;
            add(metric, [new(label, 0, label, float.NaN, confidences[row], 1, double.NaN)]);
        }

        return metric;
    }
}
