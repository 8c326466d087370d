using Microsoft.ML;
using Microsoft.ML.Data;

namespace Benchmarks;

/// <summary>Scores and keys in arrays as a data view, with as little between them and the reader as the contract allows.</summary>
internal sealed class ArrayDataView : IDataView
{
    private readonly float[] _scores;
    private readonly int[] _labels;
    private readonly int _classCount;

    public ArrayDataView(float[] scores, int[] labels, int classCount)
    {
        (_scores, _labels, _classCount) = (scores, labels, classCount);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), classCount));
        builder.AddColumn("Score", new VectorDataViewType(NumberDataViewType.Single, classCount));
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _labels.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [new Cursor(this)];

    private sealed class Cursor(ArrayDataView view) : DataViewRowCursor
    {
        private int _row = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _row;

        public override long Batch => 0;

        public override bool MoveNext() => ++_row < view._labels.Length;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_row, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Delegate getter = column.Name == "Label"
                ? (ValueGetter<uint>)((ref uint label) => label = (uint)view._labels[_row] + 1)
                : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> scores) =>
                {
                    var editor = VBufferEditor.Create(ref scores, view._classCount);
                    view._scores.AsSpan(_row * view._classCount, view._classCount).CopyTo(editor.Values);
                    scores = editor.Commit();
                });
            return (ValueGetter<TValue>)getter;
        }
    }
}
