using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The largest of each of many short rows: as many rows at a time as there are lanes, turned into columns, which are gone through in turn.</summary>
internal static unsafe class TopKColumns<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Beyond so many classes a row by itself is faster.</summary>
    public const int MostClasses = 64;

    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Writes the largest of each row and its index.</summary>
    /// <returns>How many rows from the first on were done: whole blocks, up to one that needs the order of -infinity and NaN.</returns>
    [SkipLocalsInit]
    [MethodImpl(Hot.Loop)]
    public static nint Write(float* scores, nint rowCount, int classCount, int* indices, float* values)
    {
        var columns = stackalloc TLanes[8];
        nint row = 0;
        for (; row <= rowCount - TLanes.Count; row += TLanes.Count)
        {
            var best = Best(scores + (row * classCount), classCount, columns, row + TLanes.Count < rowCount, out var index);
            if (BitOperations.PopCount(TLanes.GreaterThan(best, TLanes.Create(float.NegativeInfinity))) < TLanes.Count)
                break;
            TLanes.Store(values + row, best);
            TLanes.Store((float*)indices + row, index);
        }

        return row;
    }

    [MethodImpl(Inline)]
    private static TLanes Best(float* scores, int classCount, TLanes* columns, bool followed, out TLanes index)
    {
        var best = TLanes.Create(float.NegativeInfinity);
        index = default;
        if (classCount < 4)
        {
            Columns<TLanes>.Load(scores, classCount, columns, followed);
            for (var c = 0; c < classCount; c++)
                Take(columns[c], c, ref best, ref index);
            return best;
        }

        for (var c = 0; c < classCount; c += 4)
        {
            // Columns come in fours; those that the last four share with the ones before do not win a second time.
            var first = Math.Min(c, classCount - 4);
            TLanes.LoadColumns(scores + first, classCount, columns);
            Take(columns[0], first, ref best, ref index);
            Take(columns[1], first + 1, ref best, ref index);
            Take(columns[2], first + 2, ref best, ref index);
            Take(columns[3], first + 3, ref best, ref index);
        }

        return best;
    }

    // The index travels as the bits of a float, which selecting does not look at. Max gives what it has where the column's value is NaN.
    [MethodImpl(Inline)]
    private static void Take(TLanes column, int columnIndex, ref TLanes best, ref TLanes index)
    {
        index = TLanes.SelectGreater(column, best, TLanes.Create(BitConverter.Int32BitsToSingle(columnIndex)), index);
        best = TLanes.Max(column, best);
    }
}
