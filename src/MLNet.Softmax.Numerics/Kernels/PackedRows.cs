using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Short rows as one stream: exponentials with every lane in use and one shift for all rows of a chunk, then the rows' sums, then one factor
/// for each value. A power of two changes no digit, so any shift serves as long as nothing underflows or overflows, which shows in the sums.
/// </summary>
internal static unsafe class PackedRows<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const int ChunkLength = 2_048;

    // The largest score of the first values of a chunk becomes 2^Middle. Sums from 2^2, above which no probability that is a normal number has
    // lost digits, to 2^120 are good: rows may lie 40 nats above or below the first one.
    private const float Middle = 61f, SmallestSum = 4f, LargestSum = 1.3292279957849159e36f;

    // Where rows differ by more, so will their neighbours.
    private const int ChunksWithoutTrying = 31;

    /// <summary>Needs exponents that saturate.</summary>
    public static bool Suits(int classCount) => typeof(TLanes) == typeof(Lanes512) && Avx512F.IsSupported && classCount > 2;

    /// <summary>Writes the softmax of a whole number of blocks of <c>TLanes.Count</c> rows; may be in place.</summary>
    [SkipLocalsInit]
    [MethodImpl(Hot.Loop)]
    public static void Write(float* scores, float* probabilities, int blockCount, int classCount, ExponentScale scale, TLanes* columns)
    {
        var blockLength = TLanes.Count * classCount;
        var room = stackalloc float[ChunkLength + TLanes.Count + blockLength];
        var exponentials = (float*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
        var rowOfValue = stackalloc int[blockLength];
        for (var row = 0; row < TLanes.Count; row++)
            new Span<int>(rowOfValue + (row * classCount), classCount).Fill(row);

        var blocksPerChunk = Math.Max(1, ChunkLength / blockLength);
        var skip = 0;
        while (blockCount > 0)
        {
            var blocks = Math.Min(blocksPerChunk, blockCount);
            var shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, Math.Min(4 * TLanes.Count, blockLength)), scale);
            var packed = skip == 0 && shift.Offset == 0f;
            skip = packed ? skip : Math.Max(0, skip - 1);
            if (packed)
                Exponentials(scores, exponentials, blocks * blockLength, scale, shift.Power - RowShift.Headroom + Middle);
            for (var block = 0; block < blocks; block++)
            {
                if (!packed || !TryScale(exponentials + (block * blockLength), probabilities, classCount, rowOfValue, columns))
                {
                    skip = packed ? ChunksWithoutTrying : skip;
                    ColumnBlock<TLanes>.Softmax(scores, probabilities, classCount, scale, columns, blockCount - block > 1);
                }

                scores += blockLength;
                probabilities += blockLength;
            }

            blockCount -= blocks;
        }
    }

    [MethodImpl(Hot.Loop)]
    private static void Exponentials(float* scores, float* target, int count, in ExponentScale scale, float shift)
    {
        var floor = TLanes.Create(scale.Lowest);
        var high = TLanes.Create(scale.High);
        var low = TLanes.Create(scale.Low);
        var power = TLanes.Create(shift);
        var i = 0;
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            var a = Exponential<TLanes>.Scaled(TLanes.Max(floor, TLanes.Load(scores + i)), high, low, power);
            var b = Exponential<TLanes>.Scaled(TLanes.Max(floor, TLanes.Load(scores + i + TLanes.Count)), high, low, power);
            var c = Exponential<TLanes>.Scaled(TLanes.Max(floor, TLanes.Load(scores + i + (2 * TLanes.Count))), high, low, power);
            var d = Exponential<TLanes>.Scaled(TLanes.Max(floor, TLanes.Load(scores + i + (3 * TLanes.Count))), high, low, power);
            TLanes.Store(target + i, a);
            TLanes.Store(target + i + TLanes.Count, b);
            TLanes.Store(target + i + (2 * TLanes.Count), c);
            TLanes.Store(target + i + (3 * TLanes.Count), d);
        }

        for (; i < count; i += TLanes.Count)
            TLanes.Store(target + i, Exponential<TLanes>.Scaled(TLanes.Max(floor, TLanes.Load(scores + i)), high, low, power));
    }

    /// <summary>Writes a block, or returns false, having written nothing, where a sum is out of range or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryScale(float* exponentials, float* probabilities, int classCount, int* rowOfValue, TLanes* columns)
    {
        var sum = Sums(exponentials, classCount, columns);
        var good = TLanes.GreaterThan(sum, TLanes.Create(SmallestSum)) & TLanes.GreaterThan(TLanes.Create(LargestSum), sum);
        if (good != (1u << TLanes.Count) - 1)
            return false;
        var factor = TLanes.Create(1f) / sum;
        for (var i = 0; i < TLanes.Count * classCount; i += TLanes.Count)
            TLanes.Store(probabilities + i, TLanes.Load(exponentials + i) * TLanes.Permute(factor, rowOfValue + i));
        return true;
    }

    /// <summary>The sum of each row, added up in the order of <see cref="ColumnBlock{TLanes}"/>, so that it does not matter which of the two takes a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Sums(float* rows, int classCount, TLanes* four)
    {
        var sum = TLanes.Create(0f);
        var other = TLanes.Create(0f);
        var column = 0;
        for (; column < classCount - 3; column += 4)
        {
            TLanes.LoadColumns(rows + column, classCount, four);
            (sum, other) = (other, sum + ((four[0] + four[1]) + (four[2] + four[3])));
        }

        if (column < classCount)
        {
            // The last few, loaded with what follows the row, which is there to be read: the next row, or room to spare.
            TLanes.LoadColumns(rows + column, classCount, four);
            for (var c = 0; c < classCount - column; c++)
                other += four[c];
        }

        return sum + other;
    }
}
