namespace Microsoft.ML.Data;

public sealed class ConfusionMatrix
{
    private string _table;

    internal ConfusionMatrix(double[][] counts, IReadOnlyList<ReadOnlyMemory<char>> classNames)
    {
        Counts = counts;
        PredictedClassesIndicators = classNames;
        PerClassRecall = [.. counts.Select((row, index) => Share(row[index], row.Sum()))];
        PerClassPrecision = [.. counts.Select((row, index) => Share(row[index], counts.Sum(other => other[index])))];
    }

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>Rows by true class, then by predicted class.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses => Counts.Count;

    internal IReadOnlyList<ReadOnlyMemory<char>> PredictedClassesIndicators { get; }

    public string GetFormattedConfusionTable() => _table ??= ConfusionTable.Format(this);

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        Check(predictedClassIndicatorIndex, nameof(predictedClassIndicatorIndex));
        Check(actualClassIndicatorIndex, nameof(actualClassIndicatorIndex));
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;

    private void Check(int index, string parameter)
    {
        if (index < 0 || index >= NumberOfClasses)
            throw new ArgumentOutOfRangeException(parameter, "Invalid index. Should be non-negative, less than the number of classes.");
    }
}
