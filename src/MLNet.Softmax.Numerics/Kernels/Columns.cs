using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Rows of a few classes turned into columns, one row a lane, and back.</summary>
internal static unsafe class Columns<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Loads as many rows as there are lanes and returns each one's largest score.</summary>
    [MethodImpl(Inline)]
    public static TLanes Load(float* scores, int classCount, TLanes* columns)
    {
        var largest = TLanes.Create(float.NegativeInfinity);
        if (classCount < 4)
        {
            for (var row = 0; row < TLanes.Count; row++)
            {
                for (var c = 0; c < classCount; c++)
                    ((float*)(columns + c))[row] = scores[(row * classCount) + c];
            }

            for (var c = 0; c < classCount; c++)
                largest = TLanes.Max(largest, columns[c]);
            return largest;
        }

        for (var c = 0; c < classCount; c += 4)
        {
            // Columns come in fours; the last four may overlap the ones before.
            var first = Math.Min(c, classCount - 4);
            TLanes.LoadColumns(scores + first, classCount, columns + first);
            largest = TLanes.Max(largest, TLanes.Max(TLanes.Max(columns[first], columns[first + 1]), TLanes.Max(columns[first + 2], columns[first + 3])));
        }

        return largest;
    }

    /// <summary>Stores the columns as rows, each value multiplied by its row's factor.</summary>
    [MethodImpl(Inline)]
    public static void Store(float* target, int classCount, TLanes* columns, TLanes factor)
    {
        if (classCount < 4)
        {
            for (var c = 0; c < classCount; c++)
                columns[c] *= factor;
            for (var row = 0; row < TLanes.Count; row++)
            {
                for (var c = 0; c < classCount; c++)
                    target[(row * classCount) + c] = ((float*)(columns + c))[row];
            }

            return;
        }

        for (var c = 0; c < classCount; c += 4)
        {
            var first = Math.Min(c, classCount - 4);
            TLanes.StoreColumns(
                target + first, classCount, columns[first] * factor, columns[first + 1] * factor, columns[first + 2] * factor, columns[first + 3] * factor);
        }
    }

    /// <summary>Asks for as many rows as there are lanes: the processor does not see by itself that they will be read, from many places at once.</summary>
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
