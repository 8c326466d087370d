namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Processes short rows as one stream, so that every lane is used for any number of classes: exponentials of 16 rows at a time, their sums
/// by a tree, then the results. Multiplying by a power of two is exact, so one shift serves many rows. If it does not suit a row, which the
/// sums show, each row gets its own shift: its first score or, if that does not suit either, its largest. The result is bit-identical.
/// </summary>
internal static unsafe class PackedRows
{
    // After a wrong guess, this many blocks are processed without guessing; more after each further wrong guess.
    private const int FewestBlocks = 4, MostBlocks = 512;

    /// <summary>Writes as many rows as fill whole blocks, in place or not, and returns their number.</summary>
    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    public static int Write<TEnd>(
        float* scores, float* target, int rowCount, int classCount, in ExponentScale scale, bool isOutOfCache, TEnd end)
        where TEnd : struct, IPackedEnd
    {
        var room = stackalloc int[Lanes512.Count * (classCount + 2)];
        var lanes = (int*)(((nint)room + sizeof(Lanes512) - 1) & -sizeof(Lanes512));

        // Writes whole vectors; the next row overwrites what does not belong to this one.
        for (var row = 0; row < Lanes512.Count; row++)
        {
            for (var i = 0; i < classCount; i += Lanes512.Count)
                Vector512.Create(RowReduction.LaneOf(row)).Store(lanes + (row * classCount) + i);
        }

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
        else if (classCount <= 192)
            Write<TEnd, Rows65To192>(batch, blockCount, isOutOfCache, end);
        else
            Write<TEnd, Rows193To640>(batch, blockCount, isOutOfCache, end);
        return blockCount * Lanes512.Count;
    }

    /// <remarks>
    /// Writes directly to memory if the results would leave the caches before they are read: the processor then does not read the lines it
    /// overwrites, and scores are prefetched in time. If computing takes longer than memory anyway, this does not pay for results in place
    /// or for results that would need staging.
    /// </remarks>
    private static void Write<TEnd, TShape>(in PackedBatch batch, int blockCount, bool isOutOfCache, TEnd end)
        where TEnd : struct, IPackedEnd
        where TShape : struct, IPackedShape
    {
        var isStraight = batch.Scores != batch.Target && (nint)batch.Target % sizeof(Lanes512) == 0;
        if (isOutOfCache && batch.ClassCount >= RowLoops.FewestClassesPackedPastCaches
            && (!TEnd.Writes || isStraight || !TShape.IsSlowerThanMemory))
            Write<TEnd, TShape, PastCaches>(batch, blockCount, end);
        else
            Write<TEnd, TShape, ToCaches>(batch, blockCount, end);
    }

    [MethodImpl(Hot.Kernel)]
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
                next = PackedPipeline<TEnd, TShape, TStreamed>.WithShiftPerRow<GuessedShift>(batch, block, last, end);
                unguessed = Patience(unguessed, next - block);
                block = PackedPipeline<TEnd, TShape, TStreamed>.WithShiftPerRow<KnownShift>(
                    batch, next, Math.Min(last, next + unguessed), end);
            }
        }

        if (TStreamed.IsYes)
            Sse.StoreFence();
    }

    /// <summary>
    /// The number of blocks to process before the next guess, after a guess that suited <paramref name="served"/> blocks.
    /// </summary>
    private static int Patience(int before, int served) => served > before ? FewestBlocks : Math.Min(4 * before, MostBlocks);
}

/// <summary>Rows that are processed together.</summary>
internal readonly unsafe struct PackedBatch(float* scores, float* target, int classCount, int* lanes, ExponentScale scale)
{
    public readonly float* Scores = scores;
    public readonly float* Target = target;
    public readonly int ClassCount = classCount;

    /// <summary>For every value of 16 rows, the lane with the values of its row.</summary>
    public readonly int* Lanes = lanes;

    public readonly ExponentScale Scale = scale;
}

/// <summary>How 16 rows of a certain length are reduced; a type parameter, so that the compiler knows it.</summary>
internal unsafe interface IPackedShape
{
    /// <summary>The number of lanes that a row starts with.</summary>
    static virtual int Width => Lanes512.Count;

    /// <summary>
    /// The number of blocks between a block's first and last stage: 2; 1 if rows are so long that the buffers for 2 would not fit in the
    /// cache; 3 if they are so short that the sums would load values, cut differently than they were stored, before these have reached the
    /// cache.
    /// </summary>
    static virtual int Lag => 2;

    /// <summary>Whether rows are so short that computing takes longer than memory access.</summary>
    static virtual bool IsSlowerThanMemory => false;

    /// <summary>Whether rows are summed in the registers that hold their exponentials, and the sums stored lane by lane.</summary>
    static virtual bool SumsInPassing => false;

    /// <summary>Whether 16 rows are less than four vectors.</summary>
    static virtual bool IsLessThanAStep => false;

    /// <summary>
    /// Sums some of a block's rows while the exponentials of the next block are at <paramref name="start"/>, if there is time for that.
    /// </summary>
    static virtual void SumAlongside(in RowReduction reduction, float* rows, int start, float* quarters) { }

    /// <summary>The sums of a block's rows, from what was summed alongside or from the rows themselves.</summary>
    static abstract Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters);

    /// <summary>The largest score of each row.</summary>
    [MethodImpl(Hot.Inline)] static virtual Vector512<float> Largest(in RowReduction reduction, float* rows) => reduction.Largest(rows);

    /// <summary>The first score of each row.</summary>
    static virtual Vector512<float> Firsts(float* rows, nint classCount) => RowReduction.Firsts(rows, classCount);
}

/// <summary>A small number, known at compile time.</summary>
internal interface INumber
{
    static abstract int Value { get; }
}

internal readonly struct One : INumber { public static int Value => 1; }
internal readonly struct Two : INumber { public static int Value => 2; }
internal readonly struct Three : INumber { public static int Value => 3; }
internal readonly struct Four : INumber { public static int Value => 4; }
internal readonly struct Eight : INumber { public static int Value => 8; }

/// <summary>Rows of 2, 3, 4 or 8 classes: each length has its own method.</summary>
internal readonly unsafe struct RowsOf<TLength> : IPackedShape
    where TLength : struct, INumber
{
    public static int Lag => 3;

    public static bool IsSlowerThanMemory => true;

    public static bool IsLessThanAStep => TLength.Value < 4;

    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => Reduce<SumReduction>(rows);

    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Largest(in RowReduction reduction, float* rows) => Reduce<MaximumReduction>(rows);

    [MethodImpl(Hot.Inline)] public static Vector512<float> Firsts(float* rows, nint classCount) => Reduce<FirstReduction>(rows);

    [MethodImpl(Hot.Inline)]
    private static Vector512<float> Reduce<TOperation>(float* rows)
        where TOperation : struct, IReduction
        => TLength.Value switch
        {
            2 => ColumnReduction.OfTwo<TOperation>(rows),
            3 => ColumnReduction.OfThree<TOperation>(rows),
            4 => RowReduction.OfQuarters<TOperation>(rows),
            _ => RowReduction.OfHalves<TOperation>(rows),
        };
}

/// <summary>Rows of 5 to 7 classes.</summary>
internal readonly unsafe struct Rows5To7 : IPackedShape
{
    public static int Width => 8;

    public static int Lag => 3;

    public static bool IsSlowerThanMemory => true;

    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => reduction.Halves<SumReduction>(rows);

    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Largest(in RowReduction reduction, float* rows) => reduction.Halves<MaximumReduction>(rows);
}

/// <summary>Rows of 9 to 64 classes, which take one to four vectors.</summary>
internal readonly unsafe struct Rows9To64<TVectors> : IPackedShape
    where TVectors : struct, INumber
{
    [MethodImpl(Hot.Inline)]
    public static void SumAlongside(in RowReduction reduction, float* rows, int start, float* quarters)
    {
        // Four rows a step; eight where a block of 16 rows may have no more than two steps.
        var first = start / (TVectors.Value == 1 ? 8 : 16);
        if (first >= Lanes512.Count)
            return;
        reduction.FourSums<TVectors>(rows + (first * reduction.ClassCount)).Store(quarters + (4 * first));
        if (TVectors.Value == 1)
            reduction.FourSums<TVectors>(rows + ((first + 4) * reduction.ClassCount)).Store(quarters + (4 * first) + 16);
    }

    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) =>
        RowReduction.OfQuarters<SumReduction>(quarters);
}

/// <summary>Rows of 65 to 192 classes: so many vectors that summing them one after the other would be too inexact.</summary>
internal readonly unsafe struct Rows65To192 : IPackedShape
{
    public static int Lag => 1;

    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters)
    {
        reduction.SumToVectors(rows, quarters);
        return RowReduction.OfVectors(quarters);
    }
}

/// <summary>
/// Rows of 193 to 640 classes: finding where each row ends while the exponentials are computed is faster than reading the exponentials
/// again for their sums. For shorter rows it is the other way round.
/// </summary>
internal readonly unsafe struct Rows193To640 : IPackedShape
{
    public static int Lag => 1;

    public static bool SumsInPassing => true;

    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => RowReduction.OfVectors(quarters);
}
