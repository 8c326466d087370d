namespace MLNet.Softmax.Transforms;

/// <summary>
/// Adds the k highest scores of a column of class scores, highest first, with the names and the indices of their classes.
/// </summary>
/// <remarks>
/// Adds three columns of min(k, number of classes) items: {prefix}Labels (text), {prefix}Scores (<see cref="float"/>) and {prefix}Indices
/// (<see cref="uint"/>, from 0). If scores are equal, the lower index is first. NaN ranks below -infinity. Labels are
/// <see cref="ClassNames"/>, else the input's SlotNames, else its TrainingLabelValues, of any type, else the index as text.
/// </remarks>
[ModelFormat("Softmax.TopK", "TOPKCLSS", 1)]
public sealed class TopKTransformer : RowToRowTransformer, ILoadableTransformer<TopKTransformer>
{
    /// <summary>The first set of ONNX operators in which TopK takes k as an input.</summary>
    private const int FirstOperatorSetWithK = 10;

    internal TopKTransformer(string outputColumnPrefix, string inputColumnName, int k, string[]? classNames)
    {
        if (k < 1) throw new ArgumentOutOfRangeException(nameof(k), k, "k, the number of classes to keep, must be 1 or more.");
        (OutputColumnPrefix, InputColumnName, K, ClassNames) = (outputColumnPrefix, inputColumnName, k, classNames);
    }

    /// <summary>What the names of the added columns begin with.</summary>
    public string OutputColumnPrefix { get; }

    /// <summary>The name of the column of scores that is read.</summary>
    public string InputColumnName { get; }

    /// <summary>The largest number of classes kept, 1 or more.</summary>
    public int K { get; }

    /// <summary>The class names that were given; null if the names of the score column are used.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>The name of the column of labels.</summary>
    public string LabelsColumnName => OutputColumnPrefix + "Labels";

    /// <summary>The name of the column of scores.</summary>
    public string ScoresColumnName => OutputColumnPrefix + "Scores";

    /// <summary>The name of the column of class indices.</summary>
    public string IndicesColumnName => OutputColumnPrefix + "Indices";

    static TopKTransformer ILoadableTransformer<TopKTransformer>.Load(ModelReader reader)
    {
        var (prefix, input, k) = (reader.ReadString(), reader.ReadColumnName(), reader.ReadInt32());
        reader.Check(k >= 1, $"k = {k}");
        var names = reader.ReadStrings();
        return new(prefix, input, k, names.Length == 0 ? null : names);
    }

    private protected override RowMapping Bind(DataViewSchema inputSchema)
    {
        var (scores, classCount) = inputSchema.RequireClassScores(InputColumnName);
        var kept = Math.Min(K, classCount);
        _ = ClassNames is null ? null : LabelsOf(scores, classCount);
        var labels = new Lazy<ReadOnlyMemory<char>[]>(() => Array.ConvertAll(LabelsOf(scores, classCount), label => label.AsMemory()));
        return new RowMapping(
            inputSchema,
            [scores],
            [
                new(LabelsColumnName, new VectorDataViewType(TextDataViewType.Instance, kept)),
                new(ScoresColumnName, new VectorDataViewType(NumberDataViewType.Single, kept)),
                new(IndicesColumnName, new VectorDataViewType(NumberDataViewType.UInt32, kept)),
            ],
            row => new TopKOfRow(row, scores, kept, labels.Value).Getters);
    }

    private protected override void Save(ModelWriter writer)
    {
        writer.Write(OutputColumnPrefix);
        writer.Write(InputColumnName);
        writer.Write(K);
        writer.WriteStrings(ClassNames ?? []);
    }

    private string[] LabelsOf(DataViewSchema.Column scores, int classCount) => ClassNames is null || ClassNames.Count == classCount
        ? ClassLabels.WithIndices(ClassNames?.ToArray() ?? ClassLabels.Names(scores, classCount), classCount)
        : throw SchemaChecks.Refused(
            $"TopK was given {ClassNames.Count} class names, but column '{InputColumnName}' has {classCount} classes. Give one name a "
            + "class, in the order of the scores.");

    /// <summary>
    /// ONNX's TopK has the same rule for equal scores, but none for NaN. The graph ranks numbers in double precision, where -infinity and,
    /// below it, NaN are replaced by values below the lowest score. A LabelEncoder gives the class names.
    /// </summary>
    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema)
    {
        graph.RequireOperatorSet(FirstOperatorSetWithK, nameof(TopKTransformer));
        var (column, classCount) = inputSchema.RequireClassScores(InputColumnName);
        var prefix = OutputColumnPrefix;
        var kept = Math.Min(K, classCount);

        var scores = graph.VariableOf(column.Name);
        if (((VectorDataViewType)column.Type).Dimensions.Length > 1) scores = graph.Compute("Flatten", [scores], prefix, ("axis", 1L));
        var belowAllScores = graph.Constant([-1e39], prefix, "BelowAllScores", 1);
        var numbers = graph.Compute("Max", [graph.Compute("Cast", [scores], prefix, ("to", typeof(double))), belowAllScores], prefix);
        var missing = graph.Constant([double.NegativeInfinity], prefix, "Missing", 1);
        var ranked = graph.Compute("Where", [graph.Compute("IsNaN", [scores], prefix), missing, numbers], prefix);
        var (indices, topRanked) = (graph.AddUnused(prefix, "ClassIndices"), graph.AddUnused(prefix, "Ranked"));
        graph.Add("TopK", [ranked, graph.Constant([kept], prefix, "K", 1)], [topRanked, indices], ("axis", 1L));

        var topScores = graph.AddColumn(ScoresColumnName, new VectorDataViewType(NumberDataViewType.Single, kept));
        var isMissing = graph.Compute("Less", [topRanked, belowAllScores], prefix);
        var found = graph.Compute("Cast", [topRanked], prefix, ("to", typeof(float)));
        graph.Add("Where", [isMissing, graph.Constant([float.NaN], prefix, "NaN", 1), found], [topScores]);

        var topIndices = graph.AddColumn(IndicesColumnName, new VectorDataViewType(NumberDataViewType.UInt32, kept));
        graph.Add("Cast", [indices], [topIndices], ("to", typeof(uint)));

        var topLabels = graph.AddColumn(LabelsColumnName, new VectorDataViewType(TextDataViewType.Instance, kept));
        graph.Add(
            "LabelEncoder", [indices], [topLabels],
            ("keys_int64s", Enumerable.Range(0, classCount).Select(index => (long)index).ToArray()),
            ("values_strings", LabelsOf(column, classCount)));
    }
}

/// <summary>The top classes of each row.</summary>
internal sealed class TopKOfRow(DataViewRow row, DataViewSchema.Column scores, int kept, ReadOnlyMemory<char>[] labels)
    : ClassesOfRow(row, scores, "scores", labels, kept)
{
    private readonly float[] _scores = new float[kept];

    /// <summary>The getters of the labels, the scores and the indices.</summary>
    public Delegate[] Getters =>
    [
        (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)GetLabels, (ValueGetter<VBuffer<float>>)GetScores,
        (ValueGetter<VBuffer<uint>>)GetIndices,
    ];

    protected override int Find(ReadOnlySpan<float> values)
    {
        Numerics.TopK.Compute(values, Classes, _scores);
        return _scores.Length;
    }

    private void GetScores(ref VBuffer<float> destination)
    {
        var editor = Edit(ref destination);
        _scores.CopyTo(editor.Values);
        destination = editor.Commit();
    }

    private void GetIndices(ref VBuffer<uint> destination)
    {
        var editor = Edit(ref destination);
        for (var i = 0; i < Count; i++) editor.Values[i] = (uint)Classes[i];
        destination = editor.Commit();
    }
}
