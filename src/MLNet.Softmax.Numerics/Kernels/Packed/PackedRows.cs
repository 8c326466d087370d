using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    public static int Write<TEnd>(
        float* scores, float* target, int rowCount, int classCount, in ExponentScale scale, bool isOutOfCache, TEnd end)
        where TEnd : struct, IPackedEnd
    {
        var room = stackalloc int[Lanes512.Count * (classCount + 2)];
        var lanes = (int*)(((nint)room + sizeof(Lanes512) - 1) & -sizeof(Lanes512));

        // By whole vectors, of which the next row overwrites what is not this one's.
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
        if (isOutOfCache && batch.ClassCount >= FewestClassesStreamed && (!TEnd.Writes || isStraight || !TShape.IsSlowerThanMemory))
            Write<TEnd, TShape, Yes>(batch, blockCount, end);
        else
            Write<TEnd, TShape, No>(batch, blockCount, end);
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

/// <summary>How 16 rows of some length are reduced; a type, so that the compiler knows which.</summary>
internal unsafe interface IPackedShape
{
    /// <summary>How many lanes a row takes to begin with.</summary>
    static virtual int Width => Lanes512.Count;

    /// <summary>
    /// How many blocks later a block leaves than it enters: 2; 1 where rows are so long that the buffers for 2 would not fit the cache; 3
    /// where they are so short that what is summed would be loaded, otherwise cut than it was stored, before it has left for the cache.
    /// </summary>
    static virtual int Lag => 2;

    /// <summary>Whether rows are so short that to compute them takes longer than memory does.</summary>
    static virtual bool IsSlowerThanMemory => false;

    /// <summary>Whether 16 rows are less than four vectors.</summary>
    static virtual bool IsLessThanAStep => false;

    /// <summary>
    /// Sums some of a block's rows while the exponentials of the next are at <paramref name="start"/>, if there is time for that.
    /// </summary>
    static virtual void SumAlongside(in RowReduction reduction, float* rows, int start, float* quarters)
    {
    }

    /// <summary>The sums of a block's rows, from what was summed alongside or from the rows themselves.</summary>
    static abstract Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters);

    /// <summary>The largest score of each row.</summary>
    static abstract Vector512<float> Largest(in RowReduction reduction, float* rows);

    /// <summary>The first score of each row.</summary>
    static virtual Vector512<float> Firsts(float* rows, nint classCount) => RowReduction.Firsts(rows, classCount);
}

/// <summary>A small number, known to the compiler.</summary>
internal interface INumber
{
    static abstract int Value { get; }
}

internal readonly struct One : INumber
{
    public static int Value => 1;
}

internal readonly struct Two : INumber
{
    public static int Value => 2;
}

internal readonly struct Three : INumber
{
    public static int Value => 3;
}

internal readonly struct Four : INumber
{
    public static int Value => 4;
}

internal readonly struct Eight : INumber
{
    public static int Value => 8;
}

/// <summary>Rows of 2, 3, 4 or 8: for each length a way of its own.</summary>
internal readonly unsafe struct RowsOf<TLength> : IPackedShape
    where TLength : struct, INumber
{
    public static int Lag => 3;

    public static bool IsSlowerThanMemory => true;

    public static bool IsLessThanAStep => TLength.Value < 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => Reduce<SumReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Largest(in RowReduction reduction, float* rows) => Reduce<MaximumReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Firsts(float* rows, nint classCount) => Reduce<FirstReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

/// <summary>Rows of 5 to 7.</summary>
internal readonly unsafe struct Rows5To7 : IPackedShape
{
    public static int Width => 8;

    public static int Lag => 3;

    public static bool IsSlowerThanMemory => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => reduction.Halves<SumReduction>(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Largest(in RowReduction reduction, float* rows) => reduction.Halves<MaximumReduction>(rows);
}

/// <summary>Rows of 9 to 64, which take one to four vectors.</summary>
internal readonly unsafe struct Rows9To64<TVectors> : IPackedShape
    where TVectors : struct, INumber
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Largest(in RowReduction reduction, float* rows) => reduction.Largest(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) =>
        RowReduction.OfQuarters<SumReduction>(quarters);
}

/// <summary>Rows of 65 to 256: of so many vectors that one sum of them all, one after the other, would be too inexact.</summary>
internal readonly unsafe struct Rows65To256 : IPackedShape
{
    public static int Lag => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Largest(in RowReduction reduction, float* rows) => reduction.Largest(rows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(in RowReduction reduction, float* rows, float* quarters) => reduction.LongSums(rows);
}
