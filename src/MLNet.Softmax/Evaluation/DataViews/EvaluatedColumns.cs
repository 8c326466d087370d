namespace MLNet.Softmax.Evaluation.DataViews;

/// <summary>The columns that an evaluation reads, checked.</summary>
internal sealed record EvaluatedColumns(
    DataViewSchema.Column Probability, DataViewSchema.Column Label, DataViewSchema.Column? Weight, DataViewSchema.Column? Name,
    string[] ClassNames, Func<DataViewRow, Func<int>> LabelReader)
{
    public IEnumerable<DataViewSchema.Column> All =>
        new[] { Probability, Label }.Concat(new[] { Weight, Name }.OfType<DataViewSchema.Column>());

    public static EvaluatedColumns Of(
        DataViewSchema schema, string labelColumnName, string probabilityColumnName, ProbabilityEvaluationOptions options)
    {
        var (probability, classCount) = RequireProbabilities(schema, probabilityColumnName);
        var label = schema.Require(labelColumnName);
        var classNames = NamesOfClasses(probability, label, classCount);
        return new EvaluatedColumns(
            probability, label,
            Optional(schema, options.ExampleWeightColumnName, NumberDataViewType.Single, "a weight of type Single"),
            Optional(schema, options.RowNameColumnName, TextDataViewType.Instance, "text that names the rows"),
            classNames, LabelColumn.Reader(label, probability, classNames));
    }

    /// <summary>The names on the probabilities; where they have none, as in scores read from a file, those of the label's keys.</summary>
    private static string[] NamesOfClasses(DataViewSchema.Column probability, DataViewSchema.Column label, int classCount) =>
        !KeyLabels.HasNames(probability, classCount) && label.Type is KeyDataViewType
        && ClassLabels.Read(label, AnnotationUtils.Kinds.KeyValues, classCount) is { } names
            ? names
            : Array.ConvertAll(ClassLabels.Of(probability, classCount), name => name.ToString());

    private static (DataViewSchema.Column Column, int ClassCount) RequireProbabilities(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name);
        var refusal = column?.Type switch
        {
            null when schema.GetColumnOrNull("Score")?.Type is VectorDataViewType =>
                $"is missing. The data has a column 'Score'; append mlContext.Transforms.Softmax(\"{name}\", \"Score\") to the pipeline, "
                + "which leaves probabilities as they are and turns other scores into probabilities.",
            NumberDataViewType { RawType: var raw } when raw == typeof(float) =>
                "is a single number, as binary classifiers give it, but a vector with one probability a class is expected. Evaluate it "
                + "with mlContext.BinaryClassification.Evaluate.",
            VectorDataViewType { ItemType: var item } type when item == NumberDataViewType.Double =>
                $"is {type}, but a vector of Single is expected. "
                + $"Append mlContext.Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Single) to the pipeline.",
            _ => null,
        };
        return refusal is null ? schema.RequireClassScores(name) : throw SchemaChecks.Refused($"Column '{name}' {refusal}", "data");
    }

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
