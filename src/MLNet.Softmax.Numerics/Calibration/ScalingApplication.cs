using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>What applying a fitted scaling to one row takes, in double precision.</summary>
internal static class ScalingApplication
{
    /// <summary>How far below the row's maximum a logit of -infinity is placed: -ln of the smallest probability.</summary>
    public const float Abyss = 87.33655f;

    public static void CheckLengths(int classCount, int weights, int expectedWeights, int intercepts, int probabilities)
    {
        if (weights != expectedWeights)
            throw new ArgumentException($"A row of {classCount} classes needs {expectedWeights} weights, not {weights}.", nameof(weights));
        if (intercepts != classCount)
            throw new ArgumentException(
                $"A row of {classCount} classes needs {classCount} intercepts, not {intercepts}.", nameof(intercepts));
        if (probabilities < classCount)
            throw new ArgumentException(
                $"A row of {classCount} classes does not fit into {probabilities} probabilities.", nameof(probabilities));
    }

    /// <summary>Widens a row. A row without a distribution (NaN, +infinity, nothing but -infinity) becomes all NaN.</summary>
    public static void ReadLogits(ReadOnlySpan<float> logits, Span<double> row)
    {
        if (logits.IsEmpty)
            return;
        var largest = TensorPrimitives.Max(logits);
        if (!float.IsFinite(largest))
        {
            row.Fill(double.NaN);
            return;
        }
        for (var k = 0; k < row.Length; k++)
            row[k] = float.IsNegativeInfinity(logits[k]) ? largest - (double)Abyss : logits[k];
    }

    /// <summary>Turns logits into log-probabilities in place.</summary>
    public static void LogSoftmax(Span<double> row)
    {
        var largest = Largest(row);
        var sum = 0.0;
        foreach (var z in row)
            sum += Math.Exp(z - largest);
        var logSumExp = Math.Log(sum) + largest;
        foreach (ref var z in row)
            z -= logSumExp;
    }

    /// <summary>Overwrites the row; writes its softmax.</summary>
    public static void Softmax(Span<double> row, Span<float> probabilities)
    {
        var largest = Largest(row);
        var sum = 0.0;
        foreach (ref var z in row)
        {
            z = Math.Exp(z - largest);
            sum += z;
        }
        for (var k = 0; k < row.Length; k++)
            probabilities[k] = (float)(row[k] / sum);
    }

    private static double Largest(ReadOnlySpan<double> row) => row.IsEmpty ? 0 : TensorPrimitives.Max(row);
}
