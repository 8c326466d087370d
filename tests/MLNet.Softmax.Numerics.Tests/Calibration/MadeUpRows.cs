namespace MLNet.Softmax.Numerics.Tests.Calibration;

/// <summary>Rows whose labels are drawn from the softmax of their scores, after which the scores are multiplied.</summary>
internal sealed record MadeUpRows(float[] Logits, int[] Labels, int ClassCount)
{
    public static MadeUpRows Draw(int rowCount, int classCount, double scale, int seed = 1)
    {
        var random = new Random(seed);
        var logits = new float[rowCount * classCount];
        var labels = new int[rowCount];
        for (var row = 0; row < rowCount; row++)
        {
            var scores = new double[classCount];
            for (var k = 0; k < classCount; k++)
            {
                scores[k] = 2 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                logits[row * classCount + k] = (float)(scores[k] * scale);
            }
            var draw = random.NextDouble();
            var p = PlainLoss.Softmax(scores);
            while (labels[row] < classCount - 1 && (draw -= p[labels[row]]) > 0)
                labels[row]++;
        }
        return new MadeUpRows(logits, labels, classCount);
    }

    public CalibrationRows Collect(float[]? weights = null) => CalibrationRows.FromLogits(Logits, Labels, ClassCount, weights);

    /// <summary>The mean loss of the rows at a temperature, by the plain formula.</summary>
    public double Loss(double temperature, double[]? classWeights = null) =>
        PlainLoss.Mean(Logits, Labels, ClassCount, temperature, classWeights);

    public ReadOnlySpan<float> Row(int row) => Logits.AsSpan(row * ClassCount, ClassCount);

    public float[] Probabilities()
    {
        var probabilities = new float[Logits.Length];
        Softmax.Rows(Logits, ClassCount, probabilities);
        return probabilities;
    }

    /// <summary>The first half of a recorded network's rows, to fit a calibration on.</summary>
    public static CalibrationRows FittingRows(RecordedNetwork network)
    {
        var scores = network.Scores.AsSpan(0, network.HalfRows * RecordedNetwork.ClassCount);
        var labels = network.Labels.AsSpan(0, network.HalfRows);
        return network.HasLogits
            ? CalibrationRows.FromLogits(scores, labels, RecordedNetwork.ClassCount)
            : CalibrationRows.FromProbabilities(scores, labels, RecordedNetwork.ClassCount);
    }
}
