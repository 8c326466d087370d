using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Short rows as one stream, so that every lane is in use whatever the number of classes: exponentials of 16 rows at a time, their sums by
/// a tree, then what is written for each value. A power of two changes no digit, so one shift serves many rows; where it does not suit a
/// row, which shows in the sums, each row gets its own, that of its first score or, where that does not suit it either, of its largest,
/// with the same result to the bit.
/// </summary>
internal static unsafe class PackedRows
{
    /// <summary>What lies on the stack meanwhile grows with the length of a row, to 64 KB here.</summary>
    public const int MostClasses = 256;

    private const int FewestClasses = 2, FewestClassesStreamed = 3;

    // Longer rows are better taken one after the other there.
    private const int MostClassesOutOfCache = 192;

    // After a guess that was wrong so many blocks are taken without it before another try, more after each that is in vain.
    private const int FewestBlocks = 4, MostBlocks = 512;

    /// <summary>Whether rows are better taken this way.</summary>
    public static bool Suits<TLanes>(int rowCount, int classCount, bool isOutOfCache)
        => typeof(TLanes) == typeof(Lanes512) && Avx512F.IsSupported && rowCount >= Lanes512.Count && classCount >= FewestClasses
            && classCount <= (isOutOfCache ? MostClassesOutOfCache : MostClasses);

    /// <summary>Writes as many rows as make whole blocks, in place or not, and returns how many that were.</summary>
    public static int Write<TEnd>(
        float* scores, float* target, int rowCount, int classCount, in ExponentScale scale, bool isOutOfCache, TEnd end)
        where TEnd : struct, IPackedEnd
    {
        var room = stackalloc int[Lanes512.Count * (classCount + 1)];
        var lanes = (int*)(((nint)room + sizeof(Lanes512) - 1) & -sizeof(Lanes512));
        for (var row = 0; row < Lanes512.Count; row++)
            new Span<int>(lanes + (row * classCount), classCount).Fill(RowReduction.LaneOf(row));
        var batch = new PackedBatch(scores, target, classCount, lanes, scale);
        var blockCount = rowCount / Lanes512.Count;
        if (classCount == 2)
            Write<TEnd, RowsOf<Two>>(batch, blockCount, isOutOfCache, end);
        else if (classCount == 3)
            Write<TEnd, RowsOf<Three>>(batch, blockCount, isOutOfCache, end);
        else if (classCount == 4)
            Write<TEnd, RowsOf<Four>>(batch, blockCount, isOutOfCache, end);
        else if (classCount < 8)
            Write<TEnd, Rows5To7>(batch, blockCount, isOutOfCache, end);
        else if (classCount == 8)
            Write<TEnd, RowsOf<Eight>>(batch, blockCount, isOutOfCache, end);
        else if (classCount <= Lanes512.Count)
            Write<TEnd, Rows9To64<One>>(batch, blockCount, isOutOfCache, end);
        else if (classCount <= 32)
            Write<TEnd, Rows9To64<Two>>(batch, blockCount, isOutOfCache, end);
        else if (classCount <= 48)
            Write<TEnd, Rows9To64<Three>>(batch, blockCount, isOutOfCache, end);
        else if (classCount <= 64)
            Write<TEnd, Rows9To64<Four>>(batch, blockCount, isOutOfCache, end);
        else
            Write<TEnd, Rows65To256>(batch, blockCount, isOutOfCache, end);
        return blockCount * Lanes512.Count;
    }

    /// <remarks>
    /// Past the caches if what is written leaves them before anybody reads it: memory is then not
    /// asked first for what is overwritten, and asked for scores in time. Where computing takes
    /// longer anyway, neither results in place nor those that would have to be staged are worth it.
    /// </remarks>
    private static void Write<TEnd, TShape>(in PackedBatch batch, int blockCount, bool isOutOfCache, TEnd end)
        where TEnd : struct, IPackedEnd
        where TShape : struct, IPackedShape
    {
        var isStraight = batch.Scores != batch.Target && (nint)batch.Target % sizeof(Lanes512) == 0;
        if (isOutOfCache && batch.ClassCount >= FewestClassesStreamed && (isStraight || !TShape.IsSlowerThanMemory))
            Write<TEnd, TShape, Yes>(batch, blockCount, end);
        else
            Write<TEnd, TShape, No>(batch, blockCount, end);
    }

    private static void Write<TEnd, TShape, TStreamed>(in PackedBatch batch, int blockCount, TEnd end)
        where TEnd : struct, IPackedEnd
        where TShape : struct, IPackedShape
        where TStreamed : struct, IChoice
    {
        var (apart, unguessed) = (FewestBlocks, FewestBlocks);
        for (var block = 0; block < blockCount;)
        {
            var next = PackedPipeline<TEnd, TShape, TStreamed>.WithOneShift(batch, block, blockCount, end);
            apart = Patience(apart, next - block);
            block = next;
            for (var last = Math.Min(blockCount, next + apart); block < last;)
            {
                next = PackedPipeline<TEnd, TShape, TStreamed>.WithShiftOfFirst(batch, block, last, end);
                unguessed = Patience(unguessed, next - block);
                block = PackedPipeline<TEnd, TShape, TStreamed>.WithShiftOfLargest(batch, next, Math.Min(last, next + unguessed), end);
            }
        }

        if (TStreamed.IsYes)
            Sse.StoreFence();
    }

    /// <summary>For how many blocks not to guess again, after a guess that served so many.</summary>
    private static int Patience(int before, int served) => served > before ? FewestBlocks : Math.Min(4 * before, MostBlocks);
}

/// <summary>Rows that are taken together.</summary>
/// <param name="scores">The first score.</param>
/// <param name="target">Where the first result goes.</param>
/// <param name="classCount">The length of a row.</param>
/// <param name="lanes">For every value of 16 rows the lane that holds what its row has in common.</param>
/// <param name="scale">The temperature.</param>
internal readonly unsafe struct PackedBatch(float* scores, float* target, int classCount, int* lanes, ExponentScale scale)
{
    public readonly float* Scores = scores;
    public readonly float* Target = target;
    public readonly int ClassCount = classCount;
    public readonly int* Lanes = lanes;
    public readonly ExponentScale Scale = scale;
}
