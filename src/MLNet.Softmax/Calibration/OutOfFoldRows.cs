namespace MLNet.Softmax.Calibration;

/// <summary>
/// Scores, labels and weights of rows that their trainer had not seen, with the classes in the order of the trainer fitted on everything: a
/// trainer fitted on a part may have met them in another order.
/// </summary>
internal sealed class OutOfFoldRows(CrossFitPlan plan, DataViewSchema.Column scores, int classCount)
{
    private readonly string[] _classNames = Names(scores, classCount);
    private readonly List<OutOfFoldRow> _rows = [];

    public int Count => _rows.Count;

    public void Add(int fold, IDataView scored)
    {
        var (column, foldClassCount) = scored.Schema.RequireClassScores(plan.Columns.Score);
        var order = Order(fold, Names(column, foldClassCount));
        HeldOutRows.Read(scored, plan.Columns, column, foldClassCount, (row, label, weight) =>
        {
            // A label that names no class becomes a missing key; the calibrator leaves both out.
            var place = label >= 0 && label < foldClassCount ? (uint)order[label] : uint.MaxValue;
            var ordered = new float[classCount];
            for (var k = 0; k < row.Length; k++) ordered[order[k]] = row[k];
            _rows.Add(new() { Label = place, Score = ordered, Weight = weight });
        });
    }

    /// <summary>Labels, as keys, scores and, if a column is named for them, weights.</summary>
    public IDataView ToDataView(MLContext context)
    {
        var definition = SchemaDefinition.Create(typeof(OutOfFoldRow));
        var (label, score, weight) = (definition["Label"], definition["Score"], definition["Weight"]);
        (label.ColumnName, label.ColumnType) = (plan.Columns.Label, new KeyDataViewType(typeof(uint), classCount));
        (score.ColumnName, score.ColumnType) = (plan.Columns.Score, new VectorDataViewType(NumberDataViewType.Single, classCount));
        var names = new VBuffer<ReadOnlyMemory<char>>(classCount, [.. _classNames.Select(name => name.AsMemory())]);
        label.AddAnnotation(AnnotationUtils.Kinds.KeyValues, names, new VectorDataViewType(TextDataViewType.Instance, classCount));
        score.AddAnnotation(AnnotationUtils.Kinds.SlotNames, names, new VectorDataViewType(TextDataViewType.Instance, classCount));
        if (plan.Columns.Weight is null) definition.Remove(weight);
        else weight.ColumnName = plan.Columns.Weight;
        return context.Data.LoadFromEnumerable(_rows, definition);
    }

    /// <summary>For each class of a fold's trainer, its index among all classes.</summary>
    private int[] Order(int fold, string[] foldNames)
    {
        var missing = _classNames.Except(foldNames).FirstOrDefault();
        if (missing is not null || foldNames.Length != classCount)
        {
            throw new InvalidOperationException(
                $"The trainer fitted without fold {fold + 1} of {plan.Folds} knows {foldNames.Length} classes, but there are {classCount}"
                + (missing is null ? ". " : $": '{missing}' is missing. ")
                + "Each class needs rows in every fold: use more rows or fewer folds, or map the labels to keys before cross-fitting.");
        }

        var places = new Dictionary<string, int>();
        for (var place = 0; place < classCount; place++) places.TryAdd(_classNames[place], place);
        return [.. foldNames.Select(name => places[name])];
    }

    private static string[] Names(DataViewSchema.Column scores, int classCount) =>
        ClassLabels.WithIndices(ClassLabels.Names(scores, classCount), classCount);
}

/// <summary>A row as ML.NET reads it: the index of a class becomes its key, any other label a missing key.</summary>
internal sealed class OutOfFoldRow
{
    public uint Label { get; set; }

    public float[] Score { get; set; } = [];

    public float Weight { get; set; }
}
