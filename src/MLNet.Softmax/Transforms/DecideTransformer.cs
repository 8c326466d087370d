using MLNet.Softmax.Calibration;
namespace MLNet.Softmax.Transforms;

/// <summary>
/// Adds the class that is chosen from a column of probabilities, as a key: the most probable class, a class that reaches its threshold, or
/// the class of least expected cost.
/// </summary>
/// <remarks>
/// The key values are the input's TrainingLabelValues, of any type, else its SlotNames, so that MapKeyToValue works as after a trainer. The
/// key is missing (0) if the rule abstains or a probability is NaN. In a tie, the class with the lower index is chosen.
/// </remarks>
[ModelFormat("Softmax.Decide", "DECISION", 1)]
[TypeFormatterSource(typeof(FitFormatterSource))]
public sealed class DecideTransformer : RowToRowTransformer, ILoadableTransformer<DecideTransformer>, IFitted
{
    internal const string IsSureSuffix = "IsSure";

    /// <summary>The first set of ONNX operators with GreaterOrEqual.</summary>
    private const int OperatorSet = 12;

    private readonly DecisionSettings _settings;

    internal DecideTransformer(DecisionSettings settings, ThresholdFit? calibration) =>
        (_settings, Calibration) = (settings, calibration);

    /// <summary>The name of the key column that is added.</summary>
    public string OutputColumnName => _settings.Output;

    /// <summary>The name of the column of probabilities that is read.</summary>
    public string InputColumnName => _settings.Input;

    /// <summary>The name of the <see cref="bool"/> column that is added, false where the key is missing; null if there is none.</summary>
    public string? IsSureColumnName => _settings.AddIsSure ? OutputColumnName + IsSureSuffix : null;

    /// <summary>The threshold of each class that has one.</summary>
    public IReadOnlyDictionary<string, float> Thresholds =>
        _settings.Thresholds.ToImmutableDictionary(one => one.Class, one => one.Threshold);

    /// <summary>A copy of the cost of each action (row) for each true class (column); null if there are no costs.</summary>
    public float[,]? Costs => (float[,]?)_settings.Costs?.Clone();

    /// <summary>If the chosen class is less probable than this, the key is missing.</summary>
    public float MinimumConfidence => _settings.MinimumConfidence;

    /// <summary>
    /// How <c>Calibrators.Threshold</c> chose the threshold; null if it was given. Saved with the model, without its curve.
    /// </summary>
    public ThresholdFit? Calibration { get; }

    object? IFitted.Fit => Calibration;

    static DecideTransformer ILoadableTransformer<DecideTransformer>.Load(ModelReader reader)
    {
        var (output, input, addIsSure) = (reader.ReadColumnName(), reader.ReadColumnName(), reader.ReadBoolean());
        var confidence = reader.ReadSingle();
        var thresholds = new ClassThreshold[reader.ReadCount(sizeof(int) + sizeof(float) + 1)];
        for (var i = 0; i < thresholds.Length; i++)
            thresholds[i] = new(reader.ReadString(), reader.ReadInt32(), reader.ReadSingle());
        var (rows, values) = (reader.ReadInt32(), reader.ReadSingles());
        reader.Check(
            confidence is >= 0 and <= 1 && thresholds.All(one => one is { Threshold: >= 0 and <= 1, Index: >= 0 }),
            "a threshold that is not from 0 to 1, or of no class");
        reader.Check(rows >= 0 && (rows == 0 ? values.Length == 0 : values.Length % rows == 0), $"{values.Length} costs in {rows} rows");
        var costs = rows == 0 ? null : new float[rows, values.Length / rows];
        if (costs is not null)
        {
            Buffer.BlockCopy(values, 0, costs, 0, Buffer.ByteLength(values));
            try
            {
                _ = DecisionRule.ByCosts(costs);
            }
            catch (ArgumentException exception)
            {
                throw reader.Damaged(exception.Message);
            }
        }

        return new(new(output, input, addIsSure, confidence, [.. thresholds], costs), reader.ReadThresholdFit());
    }

    private protected override RowMapping Bind(DataViewSchema inputSchema)
    {
        var (column, classCount) = inputSchema.RequireClassScores(InputColumnName);
        var rule = _settings.Resolve(column, classCount).ToRule(classCount);
        var key = new DataViewSchema.DetachedColumn(
            OutputColumnName, new KeyDataViewType(typeof(uint), classCount), ScoreAnnotations.OfKey(column, classCount));
        return new RowMapping(
            inputSchema, [column],
            IsSureColumnName is { } name ? [key, new(name, BooleanDataViewType.Instance)] : [key],
            row => new DecisionOfRow(row, column, classCount, rule).Getters(_settings.AddIsSure));
    }

    private protected override void Save(ModelWriter writer)
    {
        writer.Write(OutputColumnName);
        writer.Write(InputColumnName);
        writer.Write(_settings.AddIsSure);
        writer.Write(MinimumConfidence);
        writer.Write(_settings.Thresholds.Length);
        foreach (var (name, index, threshold) in _settings.Thresholds)
        {
            writer.Write(name);
            writer.Write(index);
            writer.Write(threshold);
        }

        writer.Write(_settings.Costs?.GetLength(0) ?? 0);
        ReadOnlySpan<float> costs = _settings.Costs is null ? [] : [.. _settings.Costs.Cast<float>()];
        writer.Write(costs);
        writer.Write(Calibration);
    }

    /// <summary>Keys are numbers from 1 in the graph, and 0 where the key is missing, as ML.NET's own steps write and read them.</summary>
    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema)
    {
        graph.RequireOperatorSet(OperatorSet, nameof(DecideTransformer));
        var (column, classCount) = inputSchema.RequireClassScores(InputColumnName);
        var settings = _settings.Resolve(column, classCount);
        var name = OutputColumnName;
        var p = graph.VariableOf(column.Name);
        if (((VectorDataViewType)column.Type).Dimensions.Length > 1) p = graph.Compute("Flatten", [p], name, ("axis", 1L));

        // The class with the highest value is chosen if this value is above -1 (for costs: in any case).
        var values = settings.Costs is not null ? ExportedGains(graph, p, settings.Costs)
            : settings.Thresholds.IsEmpty ? p
            : ExportedRatios(graph, p, settings.ThresholdOfEachClass(classCount));
        var action = graph.Compute("ArgMax", [values], name, ("axis", 1L), ("keepdims", 1L));
        // The probability of the chosen class; -1, which reaches no minimum, for an abstention.
        var none = graph.Constant(-1f, name, "None");
        var withNone = graph.Compute("Concat", [p, Fill(graph, p, none)], name, ("axis", 1L));
        var confidence = graph.Compute("GatherElements", [withNone, action], name, ("axis", 1L));
        var isReached = graph.Compute("GreaterOrEqual", [confidence, graph.Constant(MinimumConfidence, name, "Minimum")], name);
        var isNumber = graph.Compute("Not", [graph.Compute("IsNaN", [graph.Sum(p, 1, keep: true, name)], name)], name);
        var isSure = graph.Compute("And", [isReached, isNumber], name);
        if (settings.Costs is null && !settings.Thresholds.IsEmpty)
        {
            var reaches = graph.Compute("Greater", [graph.Maximum(values, 1, name), none], name);
            isSure = graph.Compute("And", [isSure, reaches], name);
        }

        var one = graph.Constant([1L], name, "One", 1);
        var zero = graph.Constant([0L], name, "Zero", 1);
        var key = graph.Compute("Where", [isSure, graph.Compute("Add", [action, one], name), zero], name);
        var type = new KeyDataViewType(typeof(uint), classCount);
        graph.Add("Cast", [key], [graph.AddColumn(name, type)], ("to", typeof(uint)));
        if (IsSureColumnName is { } isSureName)
            graph.Add("Identity", [isSure], [graph.AddColumn(isSureName, BooleanDataViewType.Instance)]);
    }

    /// <summary>A column with the same number in every row.</summary>
    private string Fill(OnnxGraph graph, string p, string number)
    {
        var maximum = graph.Maximum(p, 1, OutputColumnName);
        var nothing = graph.Compute("Mul", [maximum, graph.Constant(0f, OutputColumnName, "Nothing")], OutputColumnName);
        return graph.Compute("Add", [nothing, number], OutputColumnName);
    }

    /// <summary>The negative expected cost of each action, in double precision, as in .NET.</summary>
    private string ExportedGains(OnnxGraph graph, string p, float[,] costs)
    {
        var (actions, classes) = (costs.GetLength(0), costs.GetLength(1));
        var gains = new double[classes * actions];
        for (var k = 0; k < classes; k++)
            for (var action = 0; action < actions; action++)
                gains[k * actions + action] = -(double)costs[action, k];
        var exact = graph.Compute("Cast", [p], OutputColumnName, ("to", typeof(double)));
        return graph.Compute("MatMul", [exact, graph.Constant(gains, OutputColumnName, "Gains", classes, actions)], OutputColumnName);
    }

    /// <summary>p / t, at least 1, for a class that reaches its threshold; p / 2, less than 1, for a class without one; else -1.</summary>
    private string ExportedRatios(OnnxGraph graph, string p, float[] thresholds)
    {
        var name = OutputColumnName;
        string PerClass(string what, Func<float, float> value) =>
            graph.Constant(Array.ConvertAll(thresholds, t => value(t)), name, what, 1, thresholds.Length);
        var ratio = graph.Compute("Div", [p, PerClass("Divisor", t => float.IsNaN(t) ? 1 : MathF.Max(t, Probabilities.Smallest))], name);
        var atLeastOne = graph.Compute("Max", [ratio, graph.Constant(1f, name, "LowestRatio")], name);
        // A class without a threshold gets 4, which no probability reaches.
        var isReached = graph.Compute("GreaterOrEqual", [p, PerClass("Threshold", t => float.IsNaN(t) ? 4 : t)], name);
        var half = graph.Compute("Mul", [p, PerClass("Half", t => float.IsNaN(t) ? 0.5f : 0)], name);
        var other = graph.Compute("Add", [half, PerClass("Unreached", t => float.IsNaN(t) ? 0 : -1)], name);
        return graph.Compute("Where", [isReached, atLeastOne, other], name);
    }
}

/// <summary>The decision on each row.</summary>
internal sealed class DecisionOfRow(DataViewRow row, DataViewSchema.Column probabilities, int classCount, DecisionRule rule)
    : ClassesOfRow(row, probabilities, "probabilities", new ReadOnlyMemory<char>[classCount], 1)
{
    /// <summary>The getters of the key and, if that column is added, of whether there is one.</summary>
    public Delegate[] Getters(bool withIsSure) =>
        withIsSure ? [(ValueGetter<uint>)GetKey, (ValueGetter<bool>)GetIsSure] : [(ValueGetter<uint>)GetKey];

    protected override int Find(ReadOnlySpan<float> values)
    {
        Classes[0] = rule.Decide(values);
        return Classes[0] >= 0 ? 1 : 0;
    }

    private void GetKey(ref uint destination)
    {
        Ensure();
        destination = (uint)(Classes[0] + 1);
    }

    private void GetIsSure(ref bool destination)
    {
        Ensure();
        destination = Count > 0;
    }
}
