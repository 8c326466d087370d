using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

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
