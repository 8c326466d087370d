namespace MLNet.Softmax.Pipeline;

/// <summary>
/// Finds input columns and refuses those that do not fit, with an <see cref="ArgumentOutOfRangeException"/> that names what was found and
/// what was expected. What holds of a schema holds of its shape.
/// </summary>
internal static class SchemaChecks
{
    /// <summary>The column of the name <paramref name="columnName"/>.</summary>
    public static DataViewSchema.Column Require(this DataViewSchema schema, string columnName) =>
        schema.GetColumnOrNull(columnName)
        ?? throw Missing(columnName, schema.Where(column => !column.IsHidden).Select(column => column.Name));

    /// <summary>
    /// The column of the name <paramref name="columnName"/>, which holds vectors of <see cref="float"/>, of known size or not.
    /// </summary>
    public static DataViewSchema.Column RequireScores(this DataViewSchema schema, string columnName)
    {
        var column = schema.Require(columnName);
        return column.Type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Single
            ? column
            : throw Mismatch(columnName, "Vector<Single>", column.Type.ToString()!);
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

    public static SchemaShape.Column RequireScores(this SchemaShape shape, string columnName)
    {
        var column = shape.Require(columnName);
        return column.Kind != SchemaShape.Column.VectorKind.Scalar && !column.IsKey && column.ItemType == NumberDataViewType.Single
            ? column
            : throw Mismatch(columnName, "Vector<Single>", Describe(column));
    }

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
    /// The error for an input schema that does not fit, as ML.NET's own: <paramref name="message"/> names the column, what it is and what
    /// is expected.
    /// </summary>
    public static ArgumentOutOfRangeException Refused(string message, string inputSchema = "inputSchema") => new(inputSchema, message);

    private static string Describe(SchemaShape.Column column)
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
            $"Column '{columnName}' is {found}, a vector of unknown size, but the number of classes must be known here. Give the "
            + "column a fixed "
            + "size, e.g. with [VectorType(10)] or a schema definition.");

    private static ArgumentOutOfRangeException Mismatch(string columnName, string expected, string found) =>
        Refused($"Column '{columnName}' is {found}, but {expected} is expected.");
}
