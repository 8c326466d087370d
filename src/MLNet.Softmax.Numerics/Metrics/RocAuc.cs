using System.Buffers;
using System.Numerics.Tensors;
using MLNet.Softmax.Numerics.Training;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// The area under the ROC curve of each class against the rest: the probability that a row of the class gets a higher probability for that
/// class than a row of another class. Ties count half.
/// </summary>
/// <remarks>
/// Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic curve" (1982); the macro average is that
/// of scikit-learn's roc_auc_score(multi_class="ovr"). Keeps every row, 4 bytes x classes. The computation sorts only the rows of each
/// class and finds the ranks of all others among them: about 2 ns per row and class. The order of the rows does not matter.
/// </remarks>
public sealed class RocAuc
{
    // A megabyte.
    private const int ValuesPerChunk = 1 << 18;
    // The pool keeps this memory, 64 MB at most, from the rest of the process.
    private const int MostChunksForReuse = 64;
    private const int FewestRows = 16;
    private readonly int _classCount;
    private readonly int[] _rowCounts;
    private readonly List<Chunk> _chunks = [];

    internal RocAuc(int classCount) => (_classCount, _rowCounts) = (classCount, new int[classCount]);

    /// <summary>Returns the mean of the classes' areas without the undefined ones (NaN).</summary>
    /// <param name="ofClasses">The result of <see cref="Compute"/>.</param>
    /// <returns>From 0 to 1; NaN if every area is NaN.</returns>
    public static double Macro(ReadOnlySpan<double> ofClasses)
    {
        double[] defined = [.. ofClasses.ToArray().Where(area => !double.IsNaN(area))];
        return defined.Sum() / defined.Length;
    }

    /// <summary>Computes the area of every class.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>One area per class, from 0 to 1, 0.5 being chance; NaN for a class without rows or with all rows.</returns>
    public static double[] Compute(ProbabilityBlock block)
    {
        var areas = new RocAuc(block.ClassCount);
        areas.Add(block);
        var ofClasses = areas.ToArray(maxDegreeOfParallelism: 1);
        areas.Release();
        return ofClasses;
    }

    /// <summary>Copies the rows.</summary>
    internal void Add(ProbabilityBlock block)
    {
        foreach (var label in block.Labels)
            _rowCounts[label]++;
        for (int start = 0, count; start < block.RowCount; start += count)
        {
            if (_chunks is not [.., { FreeRows: > 0 }])
            {
                // A small evaluation does not allocate the memory of a large one.
                var rows = Math.Max(block.RowCount, _chunks is [.., var last] ? 2 * last.Capacity : 0);
                rows = Math.Min(rows, Math.Max(FewestRows, ValuesPerChunk / _classCount));
                _chunks.Add(new Chunk(_classCount, Memory(rows)));
            }

            count = Math.Min(_chunks[^1].FreeRows, block.RowCount - start);
            _chunks[^1].Add(block.Slice(start, count));
        }
    }

    /// <summary>
    /// Lets the memory be used again: the next evaluation takes a fraction of the time that new memory takes when it is first written.
    /// Do not use this instance any more.
    /// </summary>
    internal void Release()
    {
        foreach (var chunk in _chunks.Where(chunk => chunk.Columns.Length <= ValuesPerChunk).Take(MostChunksForReuse))
            ArrayPool<float>.Shared.Return(chunk.Columns);
        _chunks.Clear();
    }

    internal void Merge(RocAuc other)
    {
        _chunks.AddRange(other._chunks);
        TensorPrimitives.Add(_rowCounts, other._rowCounts, _rowCounts);
    }

    internal void Transfer(StateTransfer state)
    {
        var chunkCount = state.Length(_chunks.Count, sizeof(int));
        for (var index = 0; index < chunkCount; index++)
        {
            var rows = state.Length(state.IsReading ? 0 : _chunks[index].Count, (long)_classCount * sizeof(float));
            if (state.IsReading)
                _chunks.Add(new Chunk(_classCount, Memory(rows)) { Count = rows });
            _chunks[index].Transfer(state);
            if (state.IsReading)
                _chunks[index].CountLabels(_rowCounts);
        }
    }

    /// <summary>The area of every class, with this many classes in parallel; -1 for all cores.</summary>
    internal double[] ToArray(int maxDegreeOfParallelism)
    {
        var areas = new double[_classCount];
        var options = new ParallelOptions { MaxDegreeOfParallelism = maxDegreeOfParallelism };
        Parallel.For(0, _classCount, options, () => new RankedClass(), (label, _, ranked) =>
        {
            areas[label] = Area(ranked, label);
            return ranked;
        }, ranked => ranked.Release());
        return areas;
    }

    /// <summary>Memory for at least this many rows.</summary>
    private float[] Memory(int rowCount)
    {
        var length = checked(_classCount * rowCount);
        return length <= ValuesPerChunk ? ArrayPool<float>.Shared.Rent(length) : GC.AllocateUninitializedArray<float>(length);
    }

    private double Area(RankedClass ranked, int label)
    {
        if (_rowCounts[label] == 0)
            return double.NaN;
        ranked.Clear(_rowCounts[label], isWeighted: _chunks.Exists(chunk => !chunk.Weights.IsEmpty));
        var others = 0.0;
        foreach (var chunk in _chunks)
            others += chunk.CollectRowsOf(label, ranked);
        var pairs = 2 * ranked.Rank() * others;
        var outranked = 0.0;
        foreach (var chunk in _chunks)
            outranked += ranked.TwiceWeightBelow(chunk.Column(label), chunk.Weights);
        return (pairs - outranked) / pairs;
    }

    /// <summary>
    /// Rows, class after class. The probability of a row's own class is stored as negative: no other row has such a value, and it ranks
    /// below all.
    /// </summary>
    private sealed class Chunk(int classCount, float[] columns)
    {
        private float[]? _weights;

        public float[] Columns => columns;

        public int Capacity { get; } = columns.Length / classCount;

        public int Count { get; set; }

        public int FreeRows => Capacity - Count;

        public ReadOnlySpan<float> Weights => _weights.AsSpan(0, _weights is null ? 0 : Count);

        public ReadOnlySpan<float> Column(int label) => columns.AsSpan(label * Capacity, Count);

        public void Add(ProbabilityBlock block)
        {
            Matrix.Transpose(block.Probabilities, columns.AsSpan(Count), block.RowCount, classCount, stride: Capacity);
            for (var label = 0; label < classCount; label++)
            {
                // Adding zero turns -0 into 0.
                var column = columns.AsSpan((label * Capacity) + Count, block.RowCount);
                TensorPrimitives.Add(column, 0f, column);
            }

            for (var row = 0; row < block.RowCount; row++)
            {
                ref var own = ref columns[(block.Labels[row] * Capacity) + Count + row];
                own = -own;
            }

            if (_weights is null && !block.Weights.IsEmpty)
            {
                _weights = new float[Capacity];
                _weights.AsSpan(0, Count).Fill(1);
            }

            for (var row = 0; row < block.RowCount && _weights is not null; row++)
                _weights[Count + row] = block.Weight(row);
            Count += block.RowCount;
        }

        public void Transfer(StateTransfer state)
        {
            for (var label = 0; label < classCount; label++)
                state.Numbers(columns.AsSpan(label * Capacity, Count));
            if (!state.Flag(_weights is not null))
                return;
            state.Require(Count * sizeof(float));
            _weights ??= new float[Capacity];
            state.Weights(_weights.AsSpan(0, Count));
        }

        /// <summary>Counts the rows of each class, and checks what was read: each row has one own class.</summary>
        public void CountLabels(Span<int> rowCounts)
        {
            var ownClasses = new int[Count];
            for (var label = 0; label < classCount; label++)
            {
                var column = Column(label);
                for (var row = 0; row < column.Length; row++)
                {
                    StateTransfer.Check(Math.Abs(column[row]) <= 1 + ProbabilityBlock.Tolerance, "a probability is not from 0 to 1");
                    var own = float.IsNegative(column[row]) ? 1 : 0;
                    rowCounts[label] += own;
                    ownClasses[row] += own;
                }
            }

            StateTransfer.Check(!ownClasses.ContainsAnyExcept(1), "a row has not one label");
        }

        /// <summary>Gives the class's own rows to <paramref name="ranked"/>, and returns the weight of the others.</summary>
        public double CollectRowsOf(int label, RankedClass ranked)
        {
            var column = Column(label);
            double others = 0;
            for (var start = 0; start < column.Length; start += 32)
            {
                var own = OwnRows(column[start..]);
                for (var left = own; left != 0; left &= left - 1)
                {
                    var row = start + BitOperations.TrailingZeroCount(left);
                    ranked.Add(-column[row], _weights?[row] ?? 1);
                }

                var count = Math.Min(32, column.Length - start);
                others += count - BitOperations.PopCount(own);
                for (var row = 0; row < count && _weights is not null; row++)
                    others += (own >> row & 1) == 0 ? _weights[start + row] - 1.0 : 0;
            }

            return others;
        }

        /// <summary>A bit for each of the next 32 rows, the first row lowest: whether it belongs to the class.</summary>
        private static uint OwnRows(ReadOnlySpan<float> column)
        {
            if (column.Length >= 32)
            {
                return RowLanes.Load(column, 0).ExtractMostSignificantBits() | (RowLanes.Load(column, 8).ExtractMostSignificantBits() << 8)
                    | (RowLanes.Load(column, 16).ExtractMostSignificantBits() << 16)
                    | (RowLanes.Load(column, 24).ExtractMostSignificantBits() << 24);
            }

            var own = 0u;
            for (var row = 0; row < column.Length; row++)
                own |= (float.IsNegative(column[row]) ? 1u : 0) << row;
            return own;
        }
    }
}
