namespace MLNet.Softmax.Evaluation;

/// <summary>The columns that an evaluation reads, checked, and a warning where the order of the classes had to be assumed.</summary>
internal sealed record EvaluatedColumns(
    DataViewSchema.Column Probability, DataViewSchema.Column Label, DataViewSchema.Column? Weight, DataViewSchema.Column? Name,
    string[] ClassNames, LabelColumn Labels, string? Warning)
{
    public IEnumerable<DataViewSchema.Column> All =>
        new[] { Probability, Label }.Concat(new[] { Weight, Name }.OfType<DataViewSchema.Column>());

    public static EvaluatedColumns Of(
        DataViewSchema schema, string labelColumnName, string probabilityColumnName, ProbabilityEvaluationOptions options)
    {
        var (probability, classCount) = schema.RequireClassScores(probabilityColumnName);
        var label = schema.Require(labelColumnName);
        var names = GivenNames(options.ClassNames, probability.Name, classCount) ?? ClassLabels.Names(probability, classCount);
        var assumed = names is null ? KeyLabels.NamesForClasses(label, classCount) : null;
        var classNames = ClassLabels.WithIndices(names ?? assumed, classCount);
        return new EvaluatedColumns(
            probability, label,
            Optional(schema, options.ExampleWeightColumnName, NumberDataViewType.Single, "a weight of type Single"),
            Optional(schema, options.RowNameColumnName, TextDataViewType.Instance, "text that names the rows"),
            classNames, new LabelColumn(label, classNames, (names ?? assumed) is not null),
            assumed is null ? null : KeyLabels.AssumedOrder(label, probability, assumed));
    }

    private static string[]? GivenNames(IReadOnlyList<string>? names, string columnName, int classCount) =>
        names is null || names.Count == classCount ? names?.ToArray() : throw new ArgumentException(
            $"ProbabilityEvaluationOptions.ClassNames has {names.Count} names, but column '{columnName}' has {classCount} classes. "
            + "Give one name a class, in the order of the probabilities.", nameof(names));

    private static DataViewSchema.Column? Optional(DataViewSchema schema, string? name, DataViewType type, string expected)
    {
        if (name is null)
            return null;
        var column = schema.Require(name);
        return column.Type.Equals(type)
            ? column
            : throw SchemaChecks.Refused($"Column '{name}' is {column.Type}, but {expected} is expected.", "data");
    }
}
