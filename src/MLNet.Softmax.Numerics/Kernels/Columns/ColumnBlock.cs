using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// As many short rows as a vector has lanes, turned so that each lane holds one row: its maximum, its sum and its shift then cost one
/// operation for all rows together, where a row by itself pays for sums across lanes and for lanes left empty.
/// </summary>
internal static unsafe class ColumnBlock<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Beyond it a row by itself fills its vectors well.</summary>
    private const int MostClasses = 128;

    // Out of cache so many places in memory at once are too many from here on.
    private const int MostClassesOutOfCache = 32;

    /// <summary>Whether rows are better taken together.</summary>
    public static bool Suits(int rowCount, int classCount, bool isOutOfCache)
        => classCount >= 2 && rowCount >= TLanes.Count
            && classCount <= (isOutOfCache ? MostClassesOutOfCache : MostClasses);

    /// <summary>
    /// Writes the softmax, or the log-softmax if <typeparamref name="TLog"/> says so, of rows from one on; may be in place.
    /// </summary>
    /// <returns>The first row that is not written: too few are left, or its block has to be taken row by row.</returns>
    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    public static nint Write<TLog>(
        float* scores, float* target, nint row, int rowCount, int classCount, float temperature, ExponentScale scale)
        where TLog : struct, IChoice
    {
        var room = stackalloc byte[(MostClasses + 1) * sizeof(TLanes)];
        var columns = (TLanes*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
        var inverse = new Reciprocal(temperature);
        for (; row <= rowCount - TLanes.Count; row += TLanes.Count)
        {
            var input = scores + (row * classCount);
            var followed = row + TLanes.Count < rowCount;
            Columns<TLanes>.Prefetch(input + (TLanes.Count * classCount), classCount);

            // The compiler sees at once that only one of the two is there; it inlines only so much into one method.
            if (typeof(TLog) == typeof(No))
                Softmax(input, target + (row * classCount), classCount, scale, columns, followed);
            else if (!TryLogSoftmax(input, target + (row * classCount), classCount, scale, inverse, columns, followed))
                return row;
        }

        return row;
    }

    /// <summary>Writes the softmax of <c>TLanes.Count</c> rows; may be in place.</summary>
    /// <param name="scores">The rows.</param>
    /// <param name="probabilities">Where they go.</param>
    /// <param name="classCount">From 2 to <see cref="MostClasses"/>.</param>
    /// <param name="scale">The temperature.</param>
    /// <param name="columns">Room for <paramref name="classCount"/> vectors, and for 8 at least.</param>
    /// <param name="followed">Whether another row follows in memory.</param>
    [MethodImpl(Inline)]
    private static void Softmax(float* scores, float* probabilities, int classCount, in ExponentScale scale, TLanes* columns, bool followed)
    {
        var largest = Columns<TLanes>.Load(scores, classCount, columns, followed);
        var power = Shift(ref largest, classCount, scale, columns);
        var sum = Exponentials<Yes>(classCount, scale, power, columns);
        Columns<TLanes>.Store(probabilities, classCount, columns, TLanes.Create(1f) / sum);
    }

    /// <summary>
    /// Writes the log-softmax of <c>TLanes.Count</c> rows, in place or not, or
    /// returns false, having written nothing, where a row is not finite or extreme.
    /// </summary>
    [MethodImpl(Inline)]
    private static bool TryLogSoftmax(float* scores, float* logProbabilities, int classCount,
        in ExponentScale scale, in Reciprocal inverse, TLanes* columns, bool followed)
    {
        var largest = Columns<TLanes>.Load(scores, classCount, columns, followed);
        if (!TLanes.AllWithin(largest, TLanes.Create(LogSoftmaxRow<TLanes>.LargestMaximum)))
            return false;
        var power = Shift(ref largest, classCount, scale, columns);
        var high = Logarithm<TLanes>.OfShifted(
            Exponentials<No>(classCount, scale, power, columns), power, NaturalLogarithmOfTwo.Low, out var low);
        var floor = TLanes.Create(scale.Lowest);
        var (byHigh, byLow) = (TLanes.Create(inverse.High), TLanes.Create(inverse.Low));
        var (minusHigh, minusLow) = (TLanes.Create(0f) - high, TLanes.Create(0f) - low);
        for (var c = 0; c < classCount; c++)
            columns[c] = TLanes.Min(TLanes.Create(0f),
                TLanes.MultiplyAdd(columns[c], byHigh, minusHigh) + TLanes.MultiplyAdd(TLanes.Max(floor, columns[c]), byLow, minusLow));
        Columns<TLanes>.Store(logProbabilities, classCount, columns, TLanes.Create(1f));
        return true;
    }

    /// <summary>Takes their offset from the rows that need one, and returns the rows' power (see <see cref="RowShift"/>).</summary>
    [MethodImpl(Inline)]
    private static TLanes Shift(ref TLanes largest, int classCount, in ExponentScale scale, TLanes* columns)
    {
        var farthest = TLanes.Create(scale.FarthestUnshifted);
        if (!TLanes.AllWithin(largest, farthest))
        {
            var offset = TLanes.SelectWithin(largest, farthest, TLanes.Create(0f), largest);
            for (var c = 0; c < classCount; c++)
                columns[c] -= offset;
            largest -= offset;
        }

        var rounder = TLanes.Create(WholePowers.Rounder);
        return TLanes.Create(RowShift.Top) - (TLanes.MultiplyAdd(largest, TLanes.Create(scale.High), rounder) - rounder);
    }

    /// <summary>Returns the rows' sums of exponentials; replaces the columns by them if <typeparamref name="TWrite"/> says so.</summary>
    [MethodImpl(Inline)]
    private static TLanes Exponentials<TWrite>(int classCount, in ExponentScale scale, TLanes power, TLanes* columns)
        where TWrite : struct, IChoice
    {
        var floor = (TLanes.Create(ExponentScale.PowerOfZero) - power) * TLanes.Create(1f / scale.High);
        var high = TLanes.Create(scale.High);
        var low = TLanes.Create(scale.Low);
        var rounder = TLanes.Create(TLanes.Rounder) + power;

        // Two sums of four columns at a time, 32 columns long, and what is lost when
        // these are added up: rounding that goes the same way each time would add up too.
        var (total, lost) = (TLanes.Create(0f), TLanes.Create(0f));
        var column = 0;
        while (column < classCount - 3)
        {
            var (sum, other) = (TLanes.Create(0f), TLanes.Create(0f));
            for (var end = Math.Min(classCount - 3, column + 32); column < end; column += 4)
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
            if (column <= 32)
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

/// <summary>Rows of a few classes turned into columns, one row a lane, and back.</summary>
internal static unsafe class Columns<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Loads as many rows as there are lanes and returns each one's largest score.</summary>
    /// <param name="scores">The rows.</param>
    /// <param name="classCount">How many columns there are, at least 2.</param>
    /// <param name="columns">Where they go: room for at least 8 vectors.</param>
    /// <param name="followed">Whether another row follows, so that two floats more may be read.</param>
    [MethodImpl(Inline)]
    public static TLanes Load(float* scores, int classCount, TLanes* columns, bool followed)
    {
        if (classCount < 4)
            return LoadFew(scores, classCount, columns, followed);
        var largest = TLanes.Create(float.NegativeInfinity);
        for (var c = 0; c < classCount; c += 4)
        {
            // Columns come in fours; the last four may overlap the ones before.
            var first = Math.Min(c, classCount - 4);
            Transposition<TLanes>.LoadColumns(scores + first, classCount, columns + first);
            largest = TLanes.Max(
                largest, TLanes.Max(TLanes.Max(columns[first], columns[first + 1]), TLanes.Max(columns[first + 2], columns[first + 3])));
        }

        return largest;
    }

    /// <summary>Stores the columns as rows, each value multiplied by its row's factor.</summary>
    [MethodImpl(Inline)]
    public static void Store(float* target, int classCount, TLanes* columns, TLanes factor)
    {
        if (classCount < 4)
        {
            StoreFew(target, classCount, columns, factor);
            return;
        }

        for (var c = 0; c < classCount; c += 4)
        {
            var first = Math.Min(c, classCount - 4);
            Transposition<TLanes>.StoreColumns(
                target + first, classCount, columns[first] * factor, columns[first + 1] * factor,
                columns[first + 2] * factor, columns[first + 3] * factor);
        }
    }

    [MethodImpl(Inline)]
    private static TLanes LoadFew(float* scores, int classCount, TLanes* columns, bool followed)
    {
        if (followed)
        {
            Transposition<TLanes>.LoadColumns(scores, classCount, columns);
        }
        else
        {
            for (var row = 0; row < TLanes.Count; row++)
            {
                for (var c = 0; c < classCount; c++)
                    ((float*)(columns + c))[row] = scores[(row * classCount) + c];
            }
        }

        var largest = TLanes.Max(columns[0], columns[1]);
        return classCount == 3 ? TLanes.Max(largest, columns[2]) : largest;
    }

    /// <summary>Each row is stored as four floats, of which the next row then overwrites those that are its own.</summary>
    [MethodImpl(Inline)]
    private static void StoreFew(float* target, int classCount, TLanes* columns, TLanes factor)
    {
        var rows = (float*)(columns + 4);
        Transposition<TLanes>.StoreColumns(rows, 4, columns[0] * factor, columns[1] * factor, columns[classCount - 1] * factor, factor);
        var row = 0;
        for (; row < TLanes.Count - 1; row++)
            Vector128.Load(rows + (4 * row)).Store(target + (row * classCount));
        for (var c = 0; c < classCount; c++)
            target[(row * classCount) + c] = rows[(4 * row) + c];
    }

    /// <summary>
    /// Asks for as many rows as there are lanes: the processor does not see by itself that they will be read, from many places at once.
    /// </summary>
    [MethodImpl(Inline)]
    public static void Prefetch(float* scores, int classCount)
    {
        const int FloatsPerLine = 16;
        if (!Sse.IsSupported || classCount < FloatsPerLine)
            return;
        for (var i = 0; i < TLanes.Count * classCount; i += FloatsPerLine)
            Sse.Prefetch0(scores + i);
    }
}

/// <summary>Turns rows into columns and back, by steps within each 128 bits of a vector.</summary>
internal static unsafe class Transposition<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Loads pairs: the first of each and the second of each, in the same order of pairs, whichever that is.</summary>
    [MethodImpl(Inline)]
    public static void LoadPairs(float* source, out TLanes first, out TLanes second)
    {
        var (a, b) = (TLanes.Load(source), TLanes.Load(source + TLanes.Count));
        (first, second) = (TLanes.EvenOnes(a, b), TLanes.OddOnes(a, b));
    }

    /// <summary>Stores what <see cref="LoadPairs"/> loads.</summary>
    [MethodImpl(Inline)]
    public static void StorePairs(float* target, TLanes first, TLanes second)
    {
        TLanes.Store(target, TLanes.ZipLow(first, second));
        TLanes.Store(target + TLanes.Count, TLanes.ZipHigh(first, second));
    }

    /// <summary>Loads four neighbouring columns of as many rows as there are lanes: lane r of each result is from row r.</summary>
    /// <param name="source">The first column's value in the first row.</param>
    /// <param name="stride">How many floats lie between the starts of two rows; at least 4.</param>
    /// <param name="columns">Where the four go, one vector after the other.</param>
    [MethodImpl(Inline)]
    public static void LoadColumns(float* source, nint stride, TLanes* columns)
    {
        var (a, b) = (TLanes.LoadEveryFourthRow(source, stride), TLanes.LoadEveryFourthRow(source + stride, stride));
        var (c, d) = (TLanes.LoadEveryFourthRow(source + (2 * stride), stride), TLanes.LoadEveryFourthRow(source + (3 * stride), stride));
        TLanes.Transpose(ref a, ref b, ref c, ref d);
        (columns[0], columns[1], columns[2], columns[3]) = (a, b, c, d);
    }

    /// <summary>Stores what <see cref="LoadColumns"/> loads.</summary>
    [MethodImpl(Inline)]
    public static void StoreColumns(float* target, nint stride, TLanes first, TLanes second, TLanes third, TLanes fourth)
    {
        TLanes.Transpose(ref first, ref second, ref third, ref fourth);
        TLanes.StoreEveryFourthRow(target, stride, first);
        TLanes.StoreEveryFourthRow(target + stride, stride, second);
        TLanes.StoreEveryFourthRow(target + (2 * stride), stride, third);
        TLanes.StoreEveryFourthRow(target + (3 * stride), stride, fourth);
    }
}
