namespace Microsoft.ML.Data;

/// <summary>What multiclass metrics are made of, row by row.</summary>
internal sealed class MulticlassCounters(int classCount)
{
    private const float SmallestProbability = 1e-15f;
    private readonly double[] _lossOfClass = new double[classCount];
    private readonly double[] _rowsOfClass = new double[classCount];
    private readonly double[] _rowsWithRank = new double[classCount + 1];
    private double _loss;
    private double _rows;
    private double _correct;

    /// <summary>Rows by true class, then by predicted class.</summary>
    public double[][] Confusion { get; } = [.. Enumerable.Range(0, classCount).Select(_ => new double[classCount])];

    public double MicroAccuracy => _rows > 0 ? _correct / _rows : 0;

    public double MacroAccuracy => Enumerable.Range(0, classCount).Where(label => _rowsOfClass[label] > 0)
        .Select(label => Confusion[label][label] / _rowsOfClass[label]).DefaultIfEmpty(0).Average();

    public double LogLoss => _rows > 0 ? _loss / _rows : 0;

    /// <summary>By which share the loss is below that of always predicting the classes' frequencies.</summary>
    public double LogLossReduction
    {
        get
        {
            double entropy = _rowsOfClass.Where(rows => rows != 0).Sum(rows => rows * Math.Log(rows / _rows)) / -_rows;
            return (entropy - LogLoss) / entropy;
        }
    }

    public double[] PerClassLogLoss => [.. _lossOfClass.Zip(_rowsOfClass, (loss, rows) => rows > 0 ? loss / rows : 0)];

    /// <summary>For each k up to the given one, the share of rows whose label is among the k highest scores.</summary>
    public double[] TopKAccuracies(int largestK)
    {
        double sum = 0;
        return [.. _rowsWithRank.Take(largestK).Select(rows => sum += rows / _rows)];
    }

    /// <param name="label">The row's label, counted from 0; missing where NaN.</param>
    /// <param name="scores">One score for each class.</param>
    public void Add(float label, ReadOnlySpan<float> scores)
    {
        if (!(label >= 0) || label != (int)label || !AllFinite(scores))
            return;
        int trueClass = (int)label;
        bool isKnown = trueClass < classCount;
        float score = isKnown ? scores[trueClass] : 0;
        double loss = -Math.Log(isKnown ? Math.Min(1, Math.Max(SmallestProbability, score)) : SmallestProbability);
        int rank = 0;
        int predicted = 0;
        for (int index = 0; index < scores.Length; index++)
        {
            if (scores[index] > score || (scores[index] == score && index < trueClass))
                rank++;
            if (scores[index] > scores[predicted])
                predicted = index;
        }

        _rows++;
        _loss += loss;
        _rowsWithRank[rank]++;
        if (rank == 0)
            _correct++;
        if (!isKnown)
            return;
        _rowsOfClass[trueClass]++;
        _lossOfClass[trueClass] += loss;
        Confusion[trueClass][rank == 0 ? trueClass : predicted]++;
    }

    private static bool AllFinite(ReadOnlySpan<float> scores)
    {
        foreach (float score in scores)
        {
            if (!float.IsFinite(score))
                return false;
        }

        return true;
    }
}
