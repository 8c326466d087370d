using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>A cursor that gives some of the rows of another, with its identifiers and batches.</summary>
internal abstract class LinkedCursor(DataViewRowCursor input, DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    : RootCursor(schema, columnsNeeded)
{
    public override long Batch => Input.Batch;
    protected DataViewRowCursor Input { get; } = input;

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override Delegate CreateGetter(DataViewSchema.Column column)
        => (Delegate)GenericMethod.Call(typeof(DataViewRow), nameof(GetGetter), [column.Type.RawType], Input, InputColumn(column));

    protected virtual DataViewSchema.Column InputColumn(DataViewSchema.Column column) => Input.Schema[column.Index];

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Input.Dispose();
        base.Dispose(disposing);
    }
}
