using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Softmax.Persistence;

/// <summary>
/// Makes columns of a <see cref="SchemaShape"/>, so that estimators outside ML.NET can tell which columns they will add.
/// Leans on the internal constructor <c>SchemaShape.Column(string, VectorKind, DataViewType, bool, SchemaShape)</c>.
/// </summary>
internal static class SchemaShapeBridge
{
    public static SchemaShape.Column Scalar(string name, DataViewType type, SchemaShape? annotations = null) =>
        Column(name, SchemaShape.Column.VectorKind.Scalar, type, false, annotations);

    public static SchemaShape.Column Vector(string name, DataViewType itemType, SchemaShape? annotations = null) =>
        Column(name, SchemaShape.Column.VectorKind.Vector, itemType, false, annotations);

    public static SchemaShape.Column Column(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations = null)
    {
        try
        {
            return NewColumn(name, kind, itemType, isKey, annotations);
        }
        catch (MissingMethodException)
        {
            throw MissingMember.Of(typeof(SchemaShape.Column), ".ctor(string, VectorKind, DataViewType, bool, SchemaShape)", "to describe the columns that an estimator adds");
        }
    }

    /// <summary>The columns of <paramref name="shape"/> with <paramref name="added"/>, each of which replaces a column of its name.</summary>
    public static SchemaShape With(this SchemaShape shape, params ReadOnlySpan<SchemaShape.Column> added)
    {
        var columns = new List<SchemaShape.Column>(shape);
        foreach (var column in added)
        {
            columns.RemoveAll(existing => existing.Name == column.Name);
            columns.Add(column);
        }

        return new SchemaShape(columns);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SchemaShape.Column NewColumn(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations);
}
