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

/// <summary>Independent, plain double versions of what the fits minimise and of what judges them.</summary>
internal static class PlainLoss
{
    public static double[] Softmax(IReadOnlyList<double> scores)
    {
        var largest = scores.Max();
        var e = scores.Select(s => Math.Exp(s - largest)).ToArray();
        var sum = e.Sum();
        return [.. e.Select(x => x / sum)];
    }

    public static double OfRow(IReadOnlyList<double> scores, int label)
    {
        var largest = scores.Max();
        return Math.Log(scores.Sum(s => Math.Exp(s - largest))) + largest - scores[label];
    }

    /// <summary>Mean negative log-likelihood of rows of scores at a temperature, each row counting its class's weight.</summary>
    public static double Mean(
        ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classCount, double temperature, double[]? classWeights = null)
    {
        double total = 0, weight = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            var scores = new double[classCount];
            for (var k = 0; k < classCount; k++)
                scores[k] = logits[row * classCount + k] / temperature;
            var w = classWeights?[labels[row]] ?? 1;
            total += w * OfRow(scores, labels[row]);
            weight += w;
        }
        return total / weight;
    }

    /// <summary>Mean -ln p of the labels, and the expected calibration error over 15 bins (lo, hi] of the top probability.</summary>
    public static (double LogLoss, double CalibrationError) Judge(
        ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, int classCount)
    {
        const int Bins = 15;
        var (confidence, right, loss) = (new double[Bins], new double[Bins], 0.0);
        for (var row = 0; row < labels.Length; row++)
        {
            var p = probabilities.Slice(row * classCount, classCount).ToArray();
            var top = p.Max();
            var bin = Math.Clamp((int)Math.Ceiling((double)top * Bins) - 1, 0, Bins - 1);
            confidence[bin] += top;
            right[bin] += Array.IndexOf(p, top) == labels[row] ? 1 : 0;
            loss -= Math.Log(p[labels[row]]);
        }
        return (loss / labels.Length, confidence.Zip(right, (c, r) => Math.Abs(c - r)).Sum() / labels.Length);
    }
}
