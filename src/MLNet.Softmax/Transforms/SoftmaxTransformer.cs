namespace MLNet.Softmax.Transforms;

/// <summary>Adds the softmax of a column of scores: softmax(z / T), which is positive and sums to 1.</summary>
/// <remarks>
/// For logits z: p_i = exp(z_i / T) / sum_j exp(z_j / T), shifted so that it never overflows. For probabilities q, z = ln(max(q,
/// 1.17549435e-38)), so p is q^(1/T), renormalised, and T = 1 leaves q unchanged. NaN or +infinity anywhere in a row gives a row of NaN;
/// -infinity gives exactly 0; a row in which every score is -infinity gives NaN; an empty row stays empty.
/// </remarks>
[ModelFormat("Softmax.Softmax", "SOFTMAXT", 1)]
public sealed class SoftmaxTransformer : ScoreTransformer, ILoadableTransformer<SoftmaxTransformer>
{
    internal SoftmaxTransformer(string outputColumnName, string inputColumnName, float temperature, ScoreKind scoreKind)
        : base(outputColumnName, inputColumnName, scoreKind) => Temperature = TemperatureCheck.ThrowIfInvalid(temperature);

    /// <summary>The divisor of the logits: above 1 flattens the probabilities, below 1 sharpens them. Finite and positive.</summary>
    public float Temperature { get; }

    private protected override string OutputValueKind => ScoreAnnotations.Probability;

    static SoftmaxTransformer ILoadableTransformer<SoftmaxTransformer>.Load(ModelReader reader)
    {
        var (output, input, kind) = ReadColumns(reader);
        return new(output, input, reader.ReadTemperature(), kind);
    }

    private protected override void Apply(ReadOnlySpan<float> logits, int classCount, Span<float> output) =>
        Numerics.Softmax.Rows(logits, classCount, output, Temperature);

    private protected override void SaveFitted(ModelWriter writer) => writer.Write(Temperature);

    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema) =>
        OnnxScores.Of(graph, this, inputSchema).AddAtTemperature(graph, "Softmax", Temperature, OutputColumnName);
}

/// <summary>Adds the logarithm of the softmax of a column of scores: z / T - logsumexp(z / T), at most 0.</summary>
/// <remarks>
/// Computed directly, not as log(softmax), so that very small probabilities keep their precision. For probabilities q, z = ln(max(q,
/// 1.17549435e-38)). NaN or +infinity anywhere in a row gives a row of NaN; -infinity stays -infinity; a row in which every score is
/// -infinity gives NaN; an empty row stays empty.
/// </remarks>
[ModelFormat("Softmax.LogSoftmax", "LOGSFTMX", 1)]
public sealed class LogSoftmaxTransformer : ScoreTransformer, ILoadableTransformer<LogSoftmaxTransformer>
{
    internal LogSoftmaxTransformer(string outputColumnName, string inputColumnName, float temperature, ScoreKind scoreKind)
        : base(outputColumnName, inputColumnName, scoreKind) => Temperature = TemperatureCheck.ThrowIfInvalid(temperature);

    /// <summary>The divisor of the logits: above 1 flattens the probabilities, below 1 sharpens them. Finite and positive.</summary>
    public float Temperature { get; }

    private protected override string OutputValueKind => ScoreAnnotations.Score;

    static LogSoftmaxTransformer ILoadableTransformer<LogSoftmaxTransformer>.Load(ModelReader reader)
    {
        var (output, input, kind) = ReadColumns(reader);
        return new(output, input, reader.ReadTemperature(), kind);
    }

    private protected override void Apply(ReadOnlySpan<float> logits, int classCount, Span<float> output) =>
        Numerics.LogSoftmax.Rows(logits, classCount, output, Temperature);

    private protected override void SaveFitted(ModelWriter writer) => writer.Write(Temperature);

    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema) =>
        OnnxScores.Of(graph, this, inputSchema).AddAtTemperature(graph, "LogSoftmax", Temperature, OutputColumnName);
}

/// <summary>Checks that a temperature is finite and positive.</summary>
internal static class TemperatureCheck
{
    public static float ThrowIfInvalid(float temperature) => IsValid(temperature)
        ? temperature
        : throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be finite and greater than 0; "
            + "1 leaves the scores as they are.");

    public static float ReadTemperature(this ModelReader reader)
    {
        var temperature = reader.ReadSingle();
        reader.Check(IsValid(temperature), string.Create(CultureInfo.InvariantCulture, $"the temperature {temperature}"));
        return temperature;
    }

    private static bool IsValid(float temperature) => float.IsFinite(temperature) && temperature > 0;
}
