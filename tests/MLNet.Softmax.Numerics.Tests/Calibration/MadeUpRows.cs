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

    public CalibrationRows Collect() => CalibrationRows.FromLogits(Logits, Labels, ClassCount);
}
