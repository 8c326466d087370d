namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Short rows, as many as a vector has lanes, transposed so that each lane holds one row. Maximum, sum and shift then take one operation
/// for all rows together; a row by itself needs sums across lanes and leaves lanes empty.
/// </summary>
internal static unsafe class ColumnBlock<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// Writes the softmax, or the log-softmax if <typeparamref name="TLog"/> says so, of as many rows as fill whole blocks, and returns
    /// their number; may be in place.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    public static nint Write<TLog>(float* scores, float* target, int rowCount, int classCount, float temperature, ExponentScale scale)
        where TLog : struct, IChoice
    {
        var room = stackalloc byte[(RowLoops.MostClassesInColumns + 1) * sizeof(TLanes)];
        var columns = (TLanes*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
        var inverse = new Reciprocal(temperature);
        nint row = 0;
        for (; row <= rowCount - TLanes.Count; row += TLanes.Count)
        {
            var input = scores + (row * classCount);
            var followed = row + TLanes.Count < rowCount;
            Columns<TLanes>.Prefetch(input + (TLanes.Count * classCount), classCount);

            // The compiler removes the branch not taken at once; it inlines only a limited amount into one method.
            if (typeof(TLog) == typeof(AsProbabilities))
                Softmax(input, target + (row * classCount), classCount, scale, columns, followed);
            else if (!TryLogSoftmax(input, target + (row * classCount), classCount, scale, inverse, columns, followed))
                WriteRows(input, target + (row * classCount), classCount, temperature, scale);
        }

        return row;
    }

    /// <summary>Writes the log-softmax of a block with a row that is not finite or extreme, row by row.</summary>
    [MethodImpl(Hot.Kernel)]
    private static void WriteRows(float* scores, float* logProbabilities, nint classCount, float temperature, in ExponentScale scale)
    {
        for (nint row = 0; row < TLanes.Count; row++)
            LogSoftmaxRow<TLanes>.Write(
                scores + (row * classCount), logProbabilities + (row * classCount), (int)classCount, temperature, scale);
    }

    /// <summary>Writes the softmax of <c>TLanes.Count</c> rows; may be in place.</summary>
    [MethodImpl(Hot.Inline)]
    private static void Softmax(float* scores, float* probabilities, int classCount, in ExponentScale scale, TLanes* columns, bool followed)
    {
        var largest = Columns<TLanes>.Load(scores, classCount, columns, followed);
        var power = Shift(ref largest, classCount, scale, columns);
        var sum = Exponentials<WritesResults>(classCount, scale, power, columns);
        Columns<TLanes>.Store(probabilities, classCount, columns, TLanes.Create(1f) / sum);
    }

    /// <summary>
    /// Writes the log-softmax of <c>TLanes.Count</c> rows, in place or not. Returns false without writing anything if a row is not finite
    /// or is extreme.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    internal static bool TryLogSoftmax(float* scores, float* logProbabilities, int classCount,
        in ExponentScale scale, in Reciprocal inverse, TLanes* columns, bool followed)
    {
        var largest = Columns<TLanes>.Load(scores, classCount, columns, followed);
        if (!TLanes.AllWithin(largest, TLanes.Create(LogSoftmaxRow<TLanes>.LargestMaximum)))
            return false;
        var power = Shift(ref largest, classCount, scale, columns);
        var high = Logarithm<TLanes>.OfShifted(
            Exponentials<SumsOnly>(classCount, scale, power, columns), power, NaturalLogarithmOfTwo.Low, out var low);
        var floor = TLanes.Create(scale.Lowest);
        var (byHigh, byLow) = (TLanes.Create(inverse.High), TLanes.Create(inverse.Low));
        var (minusHigh, minusLow) = (TLanes.Create(0f) - high, TLanes.Create(0f) - low);
        for (var c = 0; c < classCount; c++)
            columns[c] = TLanes.Min(TLanes.Create(0f),
                TLanes.MultiplyAdd(columns[c], byHigh, minusHigh) + TLanes.MultiplyAdd(TLanes.Max(floor, columns[c]), byLow, minusLow));
        Columns<TLanes>.Store(logProbabilities, classCount, columns, TLanes.Create(1f));
        return true;
    }

    /// <summary>Subtracts an offset from the rows that need one, and returns the rows' power (see <see cref="RowShift"/>).</summary>
    [MethodImpl(Hot.Inline)]
    private static TLanes Shift(ref TLanes largest, int classCount, in ExponentScale scale, TLanes* columns)
    {
        var farthest = TLanes.Create(scale.FarthestUnshifted);
        if (!TLanes.AllWithin(largest, farthest))
        {
            var zero = TLanes.Create(0f);
            var offset = TLanes.SelectGreater(TLanes.Max(largest, zero - largest), farthest, largest, zero);
            for (var c = 0; c < classCount; c++)
                columns[c] -= offset;
            largest -= offset;
        }

        var rounder = TLanes.Create(WholePowers.Rounder);
        return TLanes.Create(RowShift.Top) - (TLanes.MultiplyAdd(largest, TLanes.Create(scale.High), rounder) - rounder);
    }

    /// <summary>Returns the rows' sums of exponentials; replaces the columns by them if <typeparamref name="TWrite"/> says so.</summary>
    [MethodImpl(Hot.Inline)]
    private static TLanes Exponentials<TWrite>(int classCount, in ExponentScale scale, TLanes power, TLanes* columns)
        where TWrite : struct, IChoice
    {
        var floor = (TLanes.Create(ExponentScale.PowerOfZero) - power) * TLanes.Create(1f / scale.High);
        var high = TLanes.Create(scale.High);
        var low = TLanes.Create(scale.Low);
        var rounder = TLanes.Create(TLanes.Rounder) + power;

        // Two sums of four columns at a time, for 16 columns, plus the rounding error of adding these up: rounding in the same direction
        // each time would accumulate.
        var (total, lost) = (TLanes.Create(0f), TLanes.Create(0f));
        var column = 0;
        while (column < classCount - 3)
        {
            var (sum, other) = (TLanes.Create(0f), TLanes.Create(0f));
            for (var end = Math.Min(classCount - 3, column + 16); column < end; column += 4)
            {
                var a = Exponential<TLanes>.Of(TLanes.Max(floor, columns[column]), high, low, rounder);
                var b = Exponential<TLanes>.Of(TLanes.Max(floor, columns[column + 1]), high, low, rounder);
                var c = Exponential<TLanes>.Of(TLanes.Max(floor, columns[column + 2]), high, low, rounder);
                var d = Exponential<TLanes>.Of(TLanes.Max(floor, columns[column + 3]), high, low, rounder);
                if (TWrite.IsYes)
                    (columns[column], columns[column + 1], columns[column + 2], columns[column + 3]) = (a, b, c, d);
                (sum, other) = (other, sum + ((a + b) + (c + d)));
            }

            sum += other;
            if (column <= 16)
            {
                total = sum;
                continue;
            }

            var next = total + sum;
            var added = next - total;
            lost += (total - (next - added)) + (sum - added);
            total = next;
        }

        var rest = TLanes.Create(0f);
        for (; column < classCount; column++)
        {
            var e = Exponential<TLanes>.Of(TLanes.Max(floor, columns[column]), high, low, rounder);
            if (TWrite.IsYes)
                columns[column] = e;
            rest += e;
        }

        return total + (lost + rest);
    }
}
