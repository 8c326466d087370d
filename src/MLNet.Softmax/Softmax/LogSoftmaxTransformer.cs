using Microsoft.ML;
using MLNet.Softmax.Persistence;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax;

/// <summary>Adds the logarithm of the softmax of a column of scores: z / T - logsumexp(z / T), at most 0.</summary>
/// <remarks>
/// Never computed as log(softmax), so that improbable classes keep their digits. For probabilities q, z = ln(max(q, 1.17549435e-38)).
/// NaN or +infinity anywhere in a row gives a row of NaN; -infinity stays -infinity; a row of nothing but -infinity gives NaN; an empty row
/// stays empty.
/// </remarks>
[ModelFormat("Softmax.LogSoftmax", "LOGSFTMX", 1)]
public sealed class LogSoftmaxTransformer : ScoreTransformer, ILoadableTransformer<LogSoftmaxTransformer>
{
    internal LogSoftmaxTransformer(string outputColumnName, string inputColumnName, float temperature, ScoreKind scoreKind)
        : base(outputColumnName, inputColumnName, scoreKind) => Temperature = TemperatureCheck.ThrowIfInvalid(temperature);

    /// <summary>What the logits are divided by: above 1 flattens, below 1 sharpens. Finite and positive.</summary>
    public float Temperature { get; }

    private protected override string OutputValueKind => ScoreAnnotations.Score;

    static LogSoftmaxTransformer ILoadableTransformer<LogSoftmaxTransformer>.Load(ModelReader reader)
    {
        var (output, input, kind) = ReadColumns(reader);
        return new(output, input, reader.ReadTemperature(), kind);
    }

    private protected override void Apply(ReadOnlySpan<float> logits, int classCount, Span<float> output) =>
        Numerics.LogSoftmax.Rows(logits, classCount, output, Temperature);

    private protected override void Save(ModelWriter writer)
    {
        WriteColumns(writer);
        writer.Write(Temperature);
    }
}
