using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Pipeline;

/// <summary>
/// Finds input columns and rejects unsuitable ones, with an <see cref="ArgumentOutOfRangeException"/> that names what was found and what
/// was expected. Schemas and schema shapes are checked alike.
/// </summary>
internal static class SchemaChecks
{
    private const string Probability = "Probability";

    /// <summary>The column of the name <paramref name="columnName"/>.</summary>
    public static DataViewSchema.Column Require(this DataViewSchema schema, string columnName) =>
        schema.GetColumnOrNull(columnName)
        ?? throw Missing(columnName, schema.Where(column => !column.IsHidden).Select(column => column.Name));

    /// <summary>
    /// The column of the name <paramref name="columnName"/>, which holds vectors of <see cref="float"/>, of known size or not.
    /// </summary>
    public static DataViewSchema.Column RequireVector(this DataViewSchema schema, string columnName)
    {
        var column = schema.Require(columnName);
        return column.Type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Single
            ? column
            : throw NotVector(columnName, column.Type.ToString()!, column.Type is VectorDataViewType, column.Type.GetItemType());
    }

    /// <summary>As <see cref="RequireVector(DataViewSchema, string)"/>, and of more than one class where the size is known.</summary>
    public static DataViewSchema.Column RequireScores(this DataViewSchema schema, string columnName)
    {
        if (columnName == Probability && schema.GetColumnOrNull(columnName) is null
            && schema.GetColumnOrNull("Score")?.Type is VectorDataViewType)
            throw NoProbability();
        var column = schema.RequireVector(columnName);
        return column.Type is VectorDataViewType { IsKnownSize: true } type && ClassAxis.Of(type).ClassCount(type.Size) == 1
            ? throw Refused(
                $"Column '{columnName}' is {type}: the score of a single class, whose softmax is always 1. Where one output decides "
                + "between two classes, its probability is the sigmoid: "
                + $"mlContext.Transforms.Expression(\"Probability\", \"x => 1 / (1 + exp(-x))\", \"{columnName}\").")
            : column;
    }

    /// <summary>
    /// As <see cref="RequireScores(DataViewSchema, string)"/>, of known size and with a single row of scores per data row.
    /// </summary>
    public static (DataViewSchema.Column Column, int ClassCount) RequireClassScores(this DataViewSchema schema, string columnName)
    {
        var column = schema.RequireScores(columnName);
        var type = (VectorDataViewType)column.Type;
        if (!type.IsKnownSize) throw UnknownSize(columnName, type.ToString()!);
        var classCount = ClassAxis.Of(type).ClassCount(type.Size);
        return classCount == type.Size
            ? (column, classCount)
            : throw Refused(
                $"Column '{columnName}' is {type}, which holds {type.Size / classCount} rows of {classCount} scores, but one row of "
                + "scores is "
                + "expected (one dimension longer than 1).");
    }

    /// <summary>The column of the name <paramref name="columnName"/>, which is a key.</summary>
    public static DataViewSchema.Column RequireKey(this DataViewSchema schema, string columnName)
    {
        var column = schema.Require(columnName);
        return column.Type is KeyDataViewType
            ? column
            : throw Mismatch(columnName, "a key (see "
            + "Transforms.Conversion.MapValueToKey)", column.Type.ToString()!);
    }

    public static SchemaShape.Column Require(this SchemaShape shape, string columnName)
    {
        foreach (var column in shape)
            if (column.Name == columnName) return column;
        throw Missing(columnName, shape.Select(column => column.Name));
    }

    public static SchemaShape.Column RequireVector(this SchemaShape shape, string columnName)
    {
        var column = shape.Require(columnName);
        var isVector = column.Kind != SchemaShape.Column.VectorKind.Scalar;
        return isVector && !column.IsKey && column.ItemType == NumberDataViewType.Single
            ? column
            : throw NotVector(columnName, Describe(column), isVector, column.IsKey ? null : column.ItemType);
    }

    public static SchemaShape.Column RequireScores(this SchemaShape shape, string columnName) =>
        columnName == Probability && !shape.TryFindColumn(columnName, out _)
        && shape.TryFindColumn("Score", out var score) && score.Kind != SchemaShape.Column.VectorKind.Scalar
            ? throw NoProbability()
            : shape.RequireVector(columnName);

    public static SchemaShape.Column RequireClassScores(this SchemaShape shape, string columnName)
    {
        var column = shape.RequireScores(columnName);
        return column.Kind == SchemaShape.Column.VectorKind.Vector ? column : throw UnknownSize(columnName, $"Vector<{column.ItemType}>");
    }

    public static SchemaShape.Column RequireKey(this SchemaShape shape, string columnName)
    {
        var column = shape.Require(columnName);
        return column.IsKey && column.Kind == SchemaShape.Column.VectorKind.Scalar
            ? column
            : throw Mismatch(columnName, "a key (see Transforms.Conversion.MapValueToKey)", Describe(column));
    }

    /// <summary>
    /// The exception for an unsuitable input schema, as in ML.NET: <paramref name="message"/> names the column, what it is and what is
    /// expected.
    /// </summary>
    public static ArgumentOutOfRangeException Refused(string message, string inputSchema = "inputSchema") => new(inputSchema, message);

    /// <summary>Throws if the name of a column, which may be null, is empty.</summary>
    public static void ThrowIfEmptyName(string? columnName, [CallerArgumentExpression(nameof(columnName))] string parameter = "")
    {
        if (columnName is not null)
            ArgumentException.ThrowIfNullOrEmpty(columnName, parameter);
    }

    /// <summary>Throws if a row holds more or fewer values than its type says.</summary>
    public static void RequireLength(string columnName, int length, string noun, int expected)
    {
        if (length != expected)
            throw new InvalidOperationException($"A row of column '{columnName}' holds {length} {noun}, but its type says {expected}.");
    }

    /// <summary>The type of a promised column, for a message.</summary>
    public static string Describe(SchemaShape.Column column)
    {
        var item = column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType.ToString();
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => item!,
            SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
            _ => $"Vector<{item}> of unknown size",
        };
    }

    private static ArgumentOutOfRangeException Missing(string columnName, IEnumerable<string> present) =>
        Refused(
            $"Column '{columnName}' is missing. The data has: {string.Join(", ", present.Select(name => $"'{name}'"))}. Name one of "
            + "these, or "
            + "add the column before this step.");

    private static ArgumentOutOfRangeException UnknownSize(string columnName, string found) =>
        Refused(
            $"Column '{columnName}' is {found}, a vector of unknown size, but the number of classes must be known here. After an ONNX "
            + "model, give ApplyOnnxModel a shapeDictionary with the size; in a class of your own, use [VectorType(10)].");

    private static ArgumentOutOfRangeException NoProbability() =>
        Refused(
            $"Column '{Probability}' is missing. The data has a column 'Score'; append mlContext.Transforms.Softmax(\"{Probability}\", "
            + "\"Score\") to the pipeline, which leaves probabilities as they are and turns other scores into probabilities.");

    private static ArgumentOutOfRangeException NotVector(string columnName, string found, bool isVector, DataViewType? itemType) =>
        Refused($"Column '{columnName}' is {found}, but Vector<Single> is expected." + itemType switch
        {
            NumberDataViewType when isVector =>
                $" Append mlContext.Transforms.Conversion.ConvertType(\"{columnName}\", outputKind: DataKind.Single) to the pipeline.",
            NumberDataViewType => " A single number a row is what binary classifiers and regression give; for a binary classifier use "
                + "mlContext.BinaryClassification.Evaluate and mlContext.BinaryClassification.Calibrators.",
            _ => "",
        });

    private static ArgumentOutOfRangeException Mismatch(string columnName, string expected, string found) =>
        Refused($"Column '{columnName}' is {found}, but {expected} is expected.");
}
