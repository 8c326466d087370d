namespace MLNet.Softmax.Calibration;

/// <summary>Adds calibrated probabilities: the softmax of the scores at a fitted temperature, softmax(z / T).</summary>
/// <remarks>
/// As <see cref="SoftmaxTransformer"/>: NaN or +infinity anywhere in a row gives a row of NaN; -infinity gives exactly 0. The most probable
/// class never changes.
/// </remarks>
[ModelFormat("Softmax.Temperature", "TEMPCALI", 1)]
[TypeFormatterSource(typeof(FitFormatterSource))]
public sealed class TemperatureCalibratorTransformer : ScoreTransformer, ILoadableTransformer<TemperatureCalibratorTransformer>, IFitted
{
    internal TemperatureCalibratorTransformer(CalibratedColumns columns, TemperatureFit fit)
        : base(columns.Output, columns.Input, columns.Kind)
    {
        Calibration = fit;
        Temperature = TemperatureCheck.ThrowIfInvalid((float)fit.Temperature);
    }

    internal static TemperatureCalibratorTransformer Fit(
        CalibrationRows rows, TemperatureScalingOptions options, CalibratedColumns columns, IChannel channel) =>
        new(columns, CalibrationWarnings.Check(channel, TemperatureScaling.Fit(rows, options)));

    /// <summary>The divisor of the logits: above 1 flattens the probabilities, below 1 sharpens them. Finite and positive.</summary>
    public float Temperature { get; }

    /// <summary>How the temperature was found: losses, rows, whether it converged. Saved with the model.</summary>
    public TemperatureFit Calibration { get; }

    object? IFitted.Fit => Calibration;

    private protected override string OutputValueKind => ScoreAnnotations.Probability;

    static TemperatureCalibratorTransformer ILoadableTransformer<TemperatureCalibratorTransformer>.Load(ModelReader reader)
    {
        var columns = ReadColumns(reader);
        var fit = new TemperatureFit(
            reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt64(), reader.ReadRowsLeftOut(),
            reader.ReadInt32(), reader.ReadEnum<FitOutcome>(), reader.ReadDouble());
        reader.Check(
            (float)fit.Temperature is > 0 and < float.PositiveInfinity,
            string.Create(CultureInfo.InvariantCulture, $"the temperature {fit.Temperature}"));
        return new(columns, fit);
    }

    private protected override void Apply(ReadOnlySpan<float> logits, int classCount, Span<float> output) =>
        Numerics.Softmax.Rows(logits, classCount, output, Temperature);

    private protected override void SaveFitted(ModelWriter writer)
    {
        writer.Write(Calibration.Temperature);
        writer.Write(Calibration.LossBefore);
        writer.Write(Calibration.LossAfter);
        writer.Write(Calibration.RowsUsed);
        writer.Write(Calibration.RowsLeftOut);
        writer.Write(Calibration.Iterations);
        writer.Write(Calibration.Outcome);
        writer.Write(Calibration.LargestRowShare);
    }

    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema) =>
        OnnxScores.Of(graph, this, inputSchema).AddAtTemperature(graph, "Softmax", Temperature, OutputColumnName);
}
