namespace Microsoft.ML.Data;

/// <summary>Keeps the columns of another view in memory, each from the first time that a cursor reads it.</summary>
internal sealed class CacheDataView(IDataView source) : IDataView
{
    private const int BlockSize = 64;

    private readonly Lock _filling = new();
    private readonly CachedColumn[] _columns = source.Schema.Select(column => CachedColumn.Of(column.Type)).ToArray();
    private int? _rowCount;
    public bool CanShuffle => true;
    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => _rowCount ?? source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, columnsNeeded, Order(rand), new BlockCounter(int.MaxValue));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        if (n <= 1)
            return [GetRowCursor(columnsNeeded, rand)];
        var order = Order(rand);
        var blocks = new BlockCounter(BlockSize);
        var columns = columnsNeeded.ToArray();
        return Enumerable.Range(0, n).Select(_ => new Cursor(this, columns, order, blocks)).ToArray<DataViewRowCursor>();
    }

    /// <summary>A random order of the rows, which takes knowing how many there are; null for their own order.</summary>
    private int[] Order(Random random)
    {
        if (random == null)
            return null;
        var order = Enumerable.Range(0, Fill([])).ToArray();
        for (var i = 0; i < order.Length; i++)
        {
            var other = i + random.Next(order.Length - i);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    /// <summary>Reads the columns that are not yet in memory, all in one pass, and gives the number of rows.</summary>
    private int Fill(IEnumerable<DataViewSchema.Column> needed)
    {
        lock (_filling)
        {
            var missing = needed.Where(column => !_columns[column.Index].IsFilled).ToArray();
            if (missing.Length == 0 && GetRowCount() is { } known)
                return (int)known;
            using var cursor = source.GetRowCursor(missing);
            var adds = missing.Select(column => _columns[column.Index].StartFilling(cursor, column)).ToArray();
            var rows = 0;
            for (; cursor.MoveNext(); rows++)
            {
                foreach (var add in adds)
                    add();
            }
            if (_rowCount is { } before && before != rows)
                throw new InvalidOperationException($"The cached data gave {before} rows when first read, and {rows} now.");
            foreach (var column in missing)
                _columns[column.Index].FinishFilling();
            _rowCount = rows;
            return rows;
        }
    }

    /// <summary>Deals out blocks of adjacent rows, so that the cursors of a set share the rows.</summary>
    private sealed class BlockCounter(int size)
    {
        private long _next = -1;
        public int Size => size;

        public long Next() => Interlocked.Increment(ref _next);
    }

    private sealed class Cursor(CacheDataView cache, IEnumerable<DataViewSchema.Column> columnsNeeded, int[] order, BlockCounter blocks)
        : RootCursor(cache.Schema, columnsNeeded)
    {
        private int? _rowCount;
        private long _block = -1;
        private long _row = -1;
        public override long Batch => Math.Max(0, _block);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Index(), 0);

        protected override bool MoveNextCore()
        {
            _rowCount ??= cache.Fill(Schema.Where(IsColumnActive));
            if (_block < 0 || ++_row >= (_block + 1) * blocks.Size)
            {
                _block = blocks.Next();
                _row = _block * blocks.Size;
            }
            return _row < _rowCount;
        }

        protected override Delegate CreateGetter(DataViewSchema.Column column) => cache._columns[column.Index].CreateGetter(Index);

        private int Index()
        {
            RequireRow();
            return order == null ? (int)_row : order[_row];
        }
    }
}
