namespace MLNet.Softmax.Calibration;

/// <summary>The names of the columns that a fit reads.</summary>
internal sealed record HeldOutColumns(string Label, string Score, string? Weight)
{
    /// <summary>Checks that the columns exist and have the right types. Returns the score column.</summary>
    public SchemaShape.Column Require(SchemaShape shape)
    {
        shape.Require(Label);
        if (Weight is not null)
        {
            var weight = shape.Require(Weight);
            if (weight.Kind != SchemaShape.Column.VectorKind.Scalar || weight.ItemType != NumberDataViewType.Single)
                throw WrongWeight(SchemaChecks.Describe(weight));
        }
        return shape.RequireClassScores(Score);
    }

    public DataViewSchema.Column? RequireWeight(DataViewSchema schema)
    {
        if (Weight is null)
            return null;
        var weight = schema.Require(Weight);
        return weight.Type == NumberDataViewType.Single ? weight : throw WrongWeight($"{weight.Type}");
    }

    private ArgumentOutOfRangeException WrongWeight(string found) =>
        SchemaChecks.Refused($"Column '{Weight}' is {found}, but a weight of type Single is expected.");
}

/// <summary>Reads scores, labels and weights of a data view, once, row after row.</summary>
internal static class HeldOutRows
{
    /// <summary>
    /// Called for each row. <paramref name="label"/> is negative if the label is missing, and the class count if it names no class.
    /// </summary>
    public delegate void Visitor(ReadOnlySpan<float> scores, int label, float weight);

    public static void Read(IDataView data, HeldOutColumns columns, DataViewSchema.Column scores, int classCount, Visitor visit)
    {
        var label = data.Schema.Require(columns.Label);
        var weight = columns.RequireWeight(data.Schema);
        var names = ClassLabels.Names(scores, classCount);
        var labels = new LabelColumn(label, ClassLabels.WithIndices(names, classCount), names is not null);

        using var cursor = data.GetRowCursor(weight is null ? [label, scores] : [label, scores, weight.Value]);
        var labelOf = labels.Reader(cursor);
        var scoresOf = cursor.GetGetter<VBuffer<float>>(scores);
        var weightOf = weight is null ? null : cursor.GetGetter<float>(weight.Value);
        VBuffer<float> buffer = default;
        float[] dense = [];
        var weightOfRow = 1f;
        while (cursor.MoveNext())
        {
            scoresOf(ref buffer);
            SchemaChecks.RequireLength(scores.Name, buffer.Length, "scores", classCount);
            weightOf?.Invoke(ref weightOfRow);
            var index = labelOf();
            visit(DenseValues.Of(buffer, ref dense), index == LabelColumn.Unknown ? classCount : index, weightOfRow);
        }

        labels.ThrowIfCountedFromOne();
    }

    /// <summary>Logs how many rows were not used.</summary>
    public static void Report(IChannel channel, long used, RowsLeftOut leftOut, HeldOutColumns columns, string? firstRuledOut = null)
    {
        if (leftOut.Total > 0)
        {
            channel.Warning(
                MessageSensitivity.Schema,
                $"Of the rows with columns '{columns.Label}' and '{columns.Score}', {used} are used and "
                + $"{leftOut.Total} are not: {leftOut}." + (firstRuledOut is null ? "" : $" In the first ruled out, {firstRuledOut}."));
        }
    }

    /// <summary>Adds the names of the estimator and its columns to the exception of a fit.</summary>
    public static InvalidOperationException Refused(string estimator, HeldOutColumns columns, InvalidOperationException refusal) =>
        new($"{estimator} cannot be fitted to the columns '{columns.Label}' and '{columns.Score}'. {refusal.Message}", refusal);
}
