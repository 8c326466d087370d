using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// As many short rows as a vector has lanes, turned so that each lane holds one row: its maximum, its sum and its shift then cost one
/// operation for all rows together, where a row by itself pays for sums across lanes and for lanes left empty.
/// </summary>
internal static unsafe class ColumnBlock<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The fewest classes: columns come in fours.</summary>
    public const int FewestClasses = 4;

    /// <summary>Beyond it a row by itself fills its vectors well.</summary>
    public const int MostClasses = 128;

    /// <summary>Writes the softmax of <c>TLanes.Count</c> rows; may be in place.</summary>
    /// <param name="scores">The rows.</param>
    /// <param name="probabilities">Where they go.</param>
    /// <param name="classCount">From <see cref="FewestClasses"/> to <see cref="MostClasses"/>.</param>
    /// <param name="scale">The temperature.</param>
    /// <param name="columns">Room for <paramref name="classCount"/> vectors.</param>
    [MethodImpl(Inline)]
    public static void Softmax(float* scores, float* probabilities, int classCount, in ExponentScale scale, TLanes* columns)
    {
        var power = Load(scores, classCount, scale, columns, out _);
        var factor = TLanes.Create(1f) / Exponentials(classCount, scale, power, columns);
        for (var c = 0; c < classCount; c += 4)
        {
            var first = Math.Min(c, classCount - 4);
            TLanes.StoreColumns(
                probabilities + first,
                classCount,
                columns[first] * factor,
                columns[first + 1] * factor,
                columns[first + 2] * factor,
                columns[first + 3] * factor);
        }
    }

    /// <summary>Loads the columns, less their rows' offset, and returns the rows' power.</summary>
    [MethodImpl(Inline)]
    private static TLanes Load(float* scores, int classCount, in ExponentScale scale, TLanes* columns, out TLanes offset)
    {
        var largest = TLanes.Create(float.NegativeInfinity);
        for (var c = 0; c < classCount; c += 4)
        {
            // The last four may overlap the ones before.
            var first = Math.Min(c, classCount - 4);
            TLanes.LoadColumns(scores + first, classCount, columns + first);
            largest = TLanes.Max(largest, TLanes.Max(TLanes.Max(columns[first], columns[first + 1]), TLanes.Max(columns[first + 2], columns[first + 3])));
        }

        offset = TLanes.SelectWithin(largest, TLanes.Create(scale.FarthestUnshifted), TLanes.Create(0f), largest);
        if (TLanes.AnyNonZero(offset))
        {
            for (var c = 0; c < classCount; c++)
                columns[c] -= offset;
            largest -= offset;
        }

        Exponential<TLanes>.Reduce(largest, TLanes.Create(scale.High), TLanes.Create(scale.Low), out var minusWhole);
        return minusWhole + TLanes.Create(RowShift.Headroom);
    }

    /// <summary>Replaces the columns by their exponentials and returns the rows' sums.</summary>
    [MethodImpl(Inline)]
    private static TLanes Exponentials(int classCount, in ExponentScale scale, TLanes power, TLanes* columns)
    {
        var floor = TLanes.Create(scale.Lowest);
        var high = TLanes.Create(scale.High);
        var low = TLanes.Create(scale.Low);
        // Two sums, of four columns at a time: no float is added to more than 16 times.
        var sum = TLanes.Create(0f);
        var other = TLanes.Create(0f);
        var c = 0;
        for (; c < classCount - 3; c += 4)
        {
            columns[c] = Exponential<TLanes>.Scaled(TLanes.Max(floor, columns[c]), high, low, power);
            columns[c + 1] = Exponential<TLanes>.Scaled(TLanes.Max(floor, columns[c + 1]), high, low, power);
            columns[c + 2] = Exponential<TLanes>.Scaled(TLanes.Max(floor, columns[c + 2]), high, low, power);
            columns[c + 3] = Exponential<TLanes>.Scaled(TLanes.Max(floor, columns[c + 3]), high, low, power);
            (sum, other) = (other, sum + ((columns[c] + columns[c + 1]) + (columns[c + 2] + columns[c + 3])));
        }

        for (; c < classCount; c++)
        {
            columns[c] = Exponential<TLanes>.Scaled(TLanes.Max(floor, columns[c]), high, low, power);
            other += columns[c];
        }

        return sum + other;
    }
}
