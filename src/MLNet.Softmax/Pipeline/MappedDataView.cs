using Microsoft.ML;
using MLNet.Softmax.Onnx;

namespace MLNet.Softmax.Pipeline;

/// <summary>The data of a source with the columns that a transformer adds.</summary>
internal class MappedDataView : IDataView
{
    private readonly RowToRowTransformer _transformer;
    private readonly RowMapping _mapping;

    /// <param name="transformer">The transformer whose output this is.</param>
    /// <param name="mapping">The transformer, bound to the schema of <paramref name="source"/>.</param>
    /// <param name="source">The incoming data.</param>
    public MappedDataView(RowToRowTransformer transformer, RowMapping mapping, IDataView source) =>
        (_transformer, _mapping, Source) = (transformer, mapping, source);

    public IDataView Source { get; }

    public bool CanShuffle => Source.CanShuffle;

    public DataViewSchema Schema => _mapping.OutputSchema;

    public long? GetRowCount() => Source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var requested = columnsNeeded.ToArray();
        return new MappedCursor(_mapping, Source.GetRowCursor(_mapping.GetDependencies(requested), rand), requested);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var requested = columnsNeeded.ToArray();
        return [.. Source.GetRowCursorSet(_mapping.GetDependencies(requested), n, rand).Select(cursor => new MappedCursor(_mapping, cursor, requested))];
    }

    /// <summary>What ML.NET's IDataTransform.Save does: saves the transformer.</summary>
    public void SaveTransformer(ModelSaveContext context) => ((ICanSaveModel)_transformer).Save(context);

    /// <summary>
    /// What ML.NET's ICanSaveOnnx.CanSaveOnnx does. Always <see langword="true"/>: a transformer that cannot be exported says why in
    /// <see cref="SaveAsOnnx"/>, where <see langword="false"/> would have its columns, and all before them, left out in silence.
    /// </summary>
    public static bool CanSaveOnnx(object context) => context is not null;

    /// <summary>What ML.NET's ISaveAsOnnx.SaveAsOnnx does: adds the transformer to the graph.</summary>
    public void SaveAsOnnx(object context) => OnnxExport.Add(new OnnxGraph(context), _transformer, _mapping.InputSchema);
}
