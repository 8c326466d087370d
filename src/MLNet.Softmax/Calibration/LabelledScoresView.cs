using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Softmax.Calibration;

/// <summary>Labels, as keys, scores and, if a column is named for them, weights in memory as a data view.</summary>
internal sealed class LabelledScoresView : IDataView
{
    private readonly IReadOnlyList<uint> _labels;
    private readonly IReadOnlyList<float[]> _scores;
    private readonly IReadOnlyList<float> _weights;

    public LabelledScoresView(
        HeldOutColumns columns,
        DataViewSchema.Column scores,
        IReadOnlyList<uint> labels,
        IReadOnlyList<float[]> rows,
        IReadOnlyList<float> weights,
        string[] classNames)
    {
        (_labels, _scores, _weights) = (labels, rows, weights);
        var names = new DataViewSchema.Annotations.Builder();
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> keyValues = (ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            var editor = VBufferEditor.Create(ref destination, classNames.Length);
            for (var k = 0; k < classNames.Length; k++) editor.Values[k] = classNames[k].AsMemory();
            destination = editor.Commit();
        };
        names.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, classNames.Length), keyValues);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(columns.Label, new KeyDataViewType(typeof(uint), classNames.Length), names.ToAnnotations());
        builder.AddColumn(columns.Score, new VectorDataViewType(NumberDataViewType.Single, classNames.Length), scores.Annotations);
        if (columns.Weight is not null)
            builder.AddColumn(columns.Weight, NumberDataViewType.Single);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _labels.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(LabelledScoresView view, IEnumerable<DataViewSchema.Column> needed) : DataViewRowCursor
    {
        private readonly HashSet<int> _needed = [.. needed.Select(column => column.Index)];
        private int _row = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _row;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_row >= view._labels.Count - 1)
            {
                _row = -1;
                return false;
            }

            _row++;
            return true;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_row, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) => _needed.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Delegate getter = column.Index switch
            {
                0 => (ValueGetter<uint>)((ref uint label) => label = view._labels[_row]),
                1 => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> scores) =>
                {
                    var editor = VBufferEditor.Create(ref scores, view._scores[_row].Length);
                    view._scores[_row].CopyTo(editor.Values);
                    scores = editor.Commit();
                }),
                _ => (ValueGetter<float>)((ref float weight) => weight = view._weights[_row]),
            };
            return getter as ValueGetter<TValue>
                ?? throw new InvalidOperationException(
                    $"Column '{column.Name}' holds {column.Type}, which a getter of {typeof(TValue)} cannot read.");
        }
    }
}
