namespace MLNet.Softmax.Numerics.Tests.Metrics;

/// <summary>Rows of class probabilities with their labels, recorded or drawn at random.</summary>
internal sealed record PredictionTable(int ClassCount, float[] Probabilities, int[] Labels, float[]? Weights = null)
{
    public int RowCount => Labels.Length;

    public ProbabilityBlock Block => new(Probabilities, ClassCount, Labels, Weights);

    public RowOutcome[] Outcomes => RowOutcome.Of(Block);

    public double[] Headline => HeadlineMetrics.Compute(Outcomes, ClassCount, BinLayout.Default);

    public double Weight(int row) => Weights?[row] ?? 1;

    public float[] Row(int row) => Probabilities[(row * ClassCount)..((row + 1) * ClassCount)];

    public PredictionTable Rows(IEnumerable<int> rows)
    {
        var chosen = rows.ToArray();
        return new(ClassCount, [.. chosen.SelectMany(Row)], [.. chosen.Select(row => Labels[row])],
            Weights is null ? null : [.. chosen.Select(row => Weights[row])]);
    }

    /// <summary>Distributions whose values come in steps, so that ties, zeros, ones and bin edges all happen.</summary>
    public static PredictionTable Random(int seed, int rowCount, int classCount, bool weighted = false, int steps = 20)
    {
        var random = new Random(seed);
        var probabilities = new float[rowCount * classCount];
        for (var row = 0; row < rowCount; row++)
        {
            var left = steps;
            for (var index = 0; index < classCount - 1; index++)
            {
                var taken = random.Next(left + 1);
                probabilities[(row * classCount) + index] = (float)taken / steps;
                left -= taken;
            }

            probabilities[(row * classCount) + classCount - 1] = (float)left / steps;
            random.Shuffle(probabilities.AsSpan(row * classCount, classCount));
        }

        var labels = Enumerable.Range(0, rowCount).Select(_ => random.Next(classCount)).ToArray();
        var weights = weighted ? Enumerable.Range(0, rowCount).Select(_ => (float)random.Next(4)).ToArray() : null;
        return new(classCount, probabilities, labels, weights);
    }
}

/// <summary>Every metric once more, straight from its definition, in double precision, without an eye to speed.</summary>
internal static class Naive
{
    public static int Predicted(PredictionTable table, int row) => Ranking(table, row)[0];

    public static int[] Ranking(PredictionTable table, int row)
    {
        var probabilities = table.Row(row);
        return [.. Enumerable.Range(0, table.ClassCount).OrderByDescending(index => probabilities[index]).ThenBy(index => index)];
    }

    public static double Mean(PredictionTable table, Func<int, double> figure, Func<int, bool>? where = null)
    {
        var rows = Enumerable.Range(0, table.RowCount).Where(where ?? (_ => true)).ToArray();
        return rows.Sum(row => table.Weight(row) * figure(row)) / rows.Sum(table.Weight);
    }

    public static double Loss(PredictionTable table, int row) => -Math.Log(Math.Max(table.Row(row)[table.Labels[row]], 1.17549435e-38f));

    public static double Brier(PredictionTable table, int row) =>
        table.Row(row).Select((p, index) => Math.Pow((double)p - (index == table.Labels[row] ? 1 : 0), 2)).Sum();

    public static double Count(PredictionTable table, Func<int, bool> where) =>
        Enumerable.Range(0, table.RowCount).Where(where).Sum(table.Weight);

    /// <summary>sum over bins of |sum of (came true - claimed)| / total weight.</summary>
    public static double CalibrationError(
        PredictionTable table, Func<int, double> claimed, Func<int, bool> cameTrue, Func<double, int> bin) =>
        Enumerable.Range(0, table.RowCount).GroupBy(row => bin(claimed(row)))
            .Sum(rows => Math.Abs(rows.Sum(row => table.Weight(row) * ((cameTrue(row) ? 1 : 0) - claimed(row)))))
        / Count(table, _ => true);

    public static double RocAuc(PredictionTable table, int label)
    {
        double wins = 0, pairs = 0;
        for (var positive = 0; positive < table.RowCount; positive++)
        {
            for (var negative = 0; negative < table.RowCount; negative++)
            {
                if (table.Labels[positive] != label || table.Labels[negative] == label)
                    continue;
                var weight = table.Weight(positive) * table.Weight(negative);
                var comparison = table.Row(positive)[label].CompareTo(table.Row(negative)[label]);
                wins += weight * (comparison > 0 ? 1 : comparison == 0 ? 0.5 : 0);
                pairs += weight;
            }
        }

        return wins / pairs;
    }

    /// <summary>The correlation coefficient of two one-hot matrices, from their covariances.</summary>
    public static double Matthews(PredictionTable table)
    {
        double Covariance(Func<int, int> first, Func<int, int> second) => Enumerable.Range(0, table.ClassCount).Sum(label =>
        {
            double One(Func<int, int> of, int row) => of(row) == label ? 1 : 0;
            var meanFirst = Mean(table, row => One(first, row));
            var meanSecond = Mean(table, row => One(second, row));
            return Mean(table, row => (One(first, row) - meanFirst) * (One(second, row) - meanSecond));
        });
        int Label(int row) => table.Labels[row];
        int Answer(int row) => Predicted(table, row);
        return Covariance(Label, Answer) / Math.Sqrt(Covariance(Label, Label) * Covariance(Answer, Answer));
    }
}
