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
