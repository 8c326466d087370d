namespace MLNet.Softmax.Calibration;

/// <summary>Adds a conformal prediction set to each row: the labels, the most probable first, and their number.</summary>
/// <remarks>
/// Adds a vector of text of variable size, and an <see cref="int"/> in a column of the same name with "Size" appended. Labels are the
/// SlotNames of the probabilities, else their TrainingLabelValues, else the index as text. A row with a NaN gets an empty set.
/// </remarks>
[ModelFormat("Softmax.PredictionSet", "PREDSETS", 1)]
[TypeFormatterSource(typeof(FitFormatterSource))]
public sealed class PredictionSetTransformer : RowToRowTransformer, ILoadableTransformer<PredictionSetTransformer>, IFitted
{
    internal const string SizeSuffix = "Size";

    private readonly int _classCount;

    internal PredictionSetTransformer(string predictionSetColumnName, string probabilityColumnName, int classCount, PredictionSetFit fit)
    {
        (PredictionSetColumnName, ProbabilityColumnName, Calibration) = (predictionSetColumnName, probabilityColumnName, fit);
        _classCount = classCount;
    }

    /// <summary>The name of the added column that holds the labels.</summary>
    public string PredictionSetColumnName { get; }

    /// <summary>The name of the added column that holds the number of labels.</summary>
    public string PredictionSetSizeColumnName => PredictionSetColumnName + SizeSuffix;

    /// <summary>The name of the column of probabilities that is read.</summary>
    public string ProbabilityColumnName { get; }

    /// <summary>The fitted rule. Saved with the model.</summary>
    public PredictionSetFit Calibration { get; }

    object? IFitted.Fit => Calibration;

    static PredictionSetTransformer ILoadableTransformer<PredictionSetTransformer>.Load(ModelReader reader)
    {
        var (set, probability, classCount) = (reader.ReadColumnName(), reader.ReadColumnName(), reader.ReadInt32());
        var fit = new PredictionSetFit(
            reader.ReadEnum<PredictionSetMethod>(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean(), reader.ReadBoolean(),
            reader.ReadDouble(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadRowsLeftOut(),
            reader.ReadDoubles() is { Length: > 0 } thresholds ? [.. thresholds] : default);
        reader.Check(classCount > 1, $"{classCount} classes");
        reader.Check(
            fit.Coverage is > 0 and < 1 && double.IsFinite(fit.Threshold),
            string.Create(CultureInfo.InvariantCulture, $"the coverage {fit.Coverage} and the threshold {fit.Threshold}"));
        reader.Check(
            fit.ClassThresholds.IsDefault || (fit.ClassThresholds.Length == classCount && fit.ClassThresholds.All(double.IsFinite)),
            "thresholds that do not match the classes");
        reader.Check(
            fit.RankPenalty is >= 0 and < double.PositiveInfinity && fit.UnpenalizedRanks >= 0,
            string.Create(CultureInfo.InvariantCulture, $"the rank penalty {fit.RankPenalty} beyond {fit.UnpenalizedRanks} ranks"));
        return new(set, probability, classCount, fit);
    }

    private protected override RowMapping Bind(DataViewSchema inputSchema)
    {
        var (probabilities, classCount) = inputSchema.RequireClassScores(ProbabilityColumnName);
        if (classCount != _classCount)
        {
            throw SchemaChecks.Refused(
                $"Column '{ProbabilityColumnName}' is {probabilities.Type}, but the prediction sets were fitted on {_classCount} classes. "
                + "Give it the probabilities of the same classes, or fit again.");
        }

        var labels = new Lazy<ReadOnlyMemory<char>[]>(() => ClassLabels.Of(probabilities, classCount));
        return new RowMapping(
            inputSchema,
            [probabilities],
            [
                new(PredictionSetColumnName, new VectorDataViewType(TextDataViewType.Instance)),
                new(PredictionSetSizeColumnName, NumberDataViewType.Int32),
            ],
            row => new PredictionSetOfRow(row, probabilities, Calibration, labels.Value).Getters);
    }

    private protected override void Save(ModelWriter writer)
    {
        writer.Write(PredictionSetColumnName);
        writer.Write(ProbabilityColumnName);
        writer.Write(_classCount);
        writer.Write(Calibration.Method);
        writer.Write(Calibration.Coverage);
        writer.Write(Calibration.Threshold);
        writer.Write(Calibration.Randomized);
        writer.Write(Calibration.AllowEmpty);
        writer.Write(Calibration.RankPenalty);
        writer.Write(Calibration.UnpenalizedRanks);
        writer.Write(Calibration.Seed);
        writer.Write(Calibration.RowsUsed);
        writer.Write(Calibration.RowsLeftOut);
        writer.Write(Calibration.ClassThresholds.IsDefault ? [] : Calibration.ClassThresholds.AsSpan());
    }
}

/// <summary>The prediction set of each row.</summary>
internal sealed class PredictionSetOfRow(
    DataViewRow row, DataViewSchema.Column probabilities, PredictionSetFit rule, ReadOnlyMemory<char>[] labels)
    : ClassesOfRow(row, probabilities, "probabilities", labels, labels.Length)
{
    /// <summary>The getters of the labels and of their number.</summary>
    public Delegate[] Getters => [(ValueGetter<VBuffer<ReadOnlyMemory<char>>>)GetLabels, (ValueGetter<int>)GetSize];

    protected override int Find(ReadOnlySpan<float> values) => PredictionSets.Apply(values, rule, Classes);

    private void GetSize(ref int destination)
    {
        Ensure();
        destination = Count;
    }
}
