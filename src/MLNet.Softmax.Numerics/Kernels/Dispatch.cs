namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The loops that process contiguous rows: see the table of <see cref="RowLoops"/>.</summary>
internal enum RowLoop { Pairs, Packed, Columns, LongToCache, LongToMemory, OneByOne }

/// <summary>Which loop processes which rows, and every threshold of this choice. The first line that matches applies.</summary>
/// <remarks>
/// <code>
/// vectors    classes      rows      batch         operation             loop          file
/// any        2            any       any           softmax               Pairs         Columns/PairBlock.cs
/// AVX-512    2 to 320     16 up     any           softmax               Packed        Packed/PackedRows.cs: a shape per length
/// AVX-512    2 to 640     16 up     in cache      log-softmax           Packed        the same; also cross-entropy, out of cache too
/// AVX-512    2 to 480     16 up     out of cache  log-softmax           Packed        the same
/// any        2 to 128     8 up (*)  in cache      both                  Columns       Columns/ColumnBlock.cs
/// any        2 to 48      8 up (*)  out of cache  both                  Columns       Columns/ColumnBlock.cs
/// AVX-512    65 to 40,000 2 up      out of cache  both                  LongToMemory  Rows/LongRows.cs
/// any        33 up (**)   2 up      in cache      softmax up to 7,680   LongToCache   Rows/LongRows.cs
/// AVX-512    65 up        2 up      in cache      log-softmax           LongToCache   Rows/LongRows.cs
/// others     33 up (**)   2 up      out of cache  softmax up to 768     LongToCache   Rows/LongRows.cs
/// any        any          any       any           both                  OneByOne      Rows/SoftmaxRow.cs
///
/// (*) as many as a vector has floats: 16, 8 or 4. (**) more than four vectors: 65, 33 or 17.
/// Log-softmax takes long rows so at temperature 1 only, and needs the 32 registers of AVX-512: with 16, it takes 1.4 times as long as one
/// row after the other. One row by itself: Rows/SoftmaxRow.cs says which way it goes.
/// </code>
/// Measured on an AMD EPYC (Zen 4), one thread, in one process with rounds in turn; ns a score unless it says otherwise.
/// </remarks>
internal static class RowLoops
{
    /// <summary>Long rows divided by packed rows (Zen 5): softmax out of cache 1.4 at 200 classes, 1.2 at 320, .85 at 352.</summary>
    public const int MostClassesPackedAsProbabilities = 320;

    /// <summary>Long rows divided by packed rows (Zen 5): log-softmax out of cache 1.7 at 460 classes, 1.1 at 480, .7 at 640.</summary>
    public const int MostLogarithmsPackedOutOfCache = 480;

    /// <summary>
    /// Packed rows divided by other loops (Zen 5): log-softmax .75 at 360 classes, .87 at 512, .95 at 600, 1.05 at 700; cross-entropy
    /// .67 to .87, with gradient .66 to .84. The stack space of packed rows grows with the length: 165 KB here.
    /// </summary>
    public const int MostClassesPacked = 640;

    /// <summary>One block.</summary>
    public const int FewestRowsPacked = 16;

    /// <summary>Packed rows of 2 leave results to the caches even out of cache: computing takes longer than memory.</summary>
    public const int FewestClassesPackedPastCaches = 3;

    /// <summary>Longer rows fill their vectors well by themselves.</summary>
    public const int MostClassesInColumns = 128;

    /// <summary>Columns divided by rows (Zen 3), softmax / log-softmax: .6 / .4 at 33 classes, .95 / .7 at 48, 1.2 / 1 at 64.</summary>
    public const int MostClassesInColumnsOutOfCache = 48;

    /// <summary>Two rows of exponentials take less than 64 KB on the stack.</summary>
    public const int MostClassesKept = 7_680;

    /// <summary>Out of cache, keeping the exponentials of longer rows only pays if results go directly to memory.</summary>
    public const int MostClassesKeptOutOfCache = 768;

    /// <summary>Two rows of exponentials, 320 KB, must stay in the second-level cache.</summary>
    public const int MostClassesPastCaches = 40_000;

    /// <summary>Chooses the loop.</summary>
    [MethodImpl(Hot.Loop)]
    public static RowLoop For<TLanes>(bool isLog, int rowCount, int classCount, bool isOutOfCache)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (classCount == 2 && !isLog)
            return RowLoop.Pairs;
        var mostPacked = !isLog ? MostClassesPackedAsProbabilities : isOutOfCache ? MostLogarithmsPackedOutOfCache : MostClassesPacked;
        if (ArePacked<TLanes>(rowCount, classCount) && classCount <= mostPacked)
            return RowLoop.Packed;
        if (classCount >= 2 && rowCount >= TLanes.Count
            && classCount <= (isOutOfCache ? MostClassesInColumnsOutOfCache : MostClassesInColumns))
            return RowLoop.Columns;
        if (rowCount < 2 || classCount <= RegisterRow<TLanes>.Capacity)
            return RowLoop.OneByOne;
        if (isOutOfCache && TLanes.Count == Lanes512.Count && classCount <= MostClassesPastCaches)
            return RowLoop.LongToMemory;
        var mostKept = isOutOfCache ? MostClassesKeptOutOfCache : MostClassesKept;
        return (isLog ? !isOutOfCache && TLanes.Count == Lanes512.Count : classCount <= mostKept) ? RowLoop.LongToCache : RowLoop.OneByOne;
    }

    /// <summary>Whether rows are packed, in cache and out of it, unless their results are probabilities.</summary>
    public static bool ArePacked<TLanes>(int rowCount, int classCount)
        => typeof(TLanes) == typeof(Lanes512) && Avx512F.IsSupported
            && rowCount >= FewestRowsPacked && classCount is >= 2 and <= MostClassesPacked;
}

/// <summary>Whether a batch is so large that its results leave the caches before they are read.</summary>
/// <remarks>Decided once for the whole batch, before it is split among threads: the order of some sums depends on it.</remarks>
internal static class OutOfCache
{
    private const long Length = 4L << 20;

    public static bool IsFor(int rowCount, int classCount) => (long)rowCount * classCount >= Length;
}

/// <summary>Runs the loop that <see cref="RowLoops"/> chooses.</summary>
internal static unsafe class Dispatch<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the softmax; may be in place. Returns how many rows the chosen loop processed; the others went one by one.</summary>
    [MethodImpl(Hot.Loop)]
    public static nint Softmax(float* scores, float* probabilities, int rowCount, int classCount, in ExponentScale scale, bool isOutOfCache)
    {
        var loop = RowLoops.For<TLanes>(isLog: false, rowCount, classCount, isOutOfCache);
        var row = loop switch
        {
            RowLoop.Pairs => WritePairs(scores, probabilities, rowCount, scale),
            RowLoop.Packed => PackedRows.Write(scores, probabilities, rowCount, classCount, scale, isOutOfCache, default(SoftmaxEnd)),
            RowLoop.Columns => ColumnBlock<TLanes>.Write<AsProbabilities>(scores, probabilities, rowCount, classCount, 1f, scale),
            RowLoop.LongToCache or RowLoop.LongToMemory => LongRows<TLanes, Scaling<TLanes>, KeepsExponentials>.Write(
                scores, probabilities, rowCount, classCount, scale, loop == RowLoop.LongToMemory),
            _ => 0,
        };
        for (var rest = row; rest < rowCount; rest++)
            SoftmaxRow<TLanes>.Write(scores + (rest * classCount), probabilities + (rest * classCount), classCount, scale, out _);
        return row;
    }

    /// <summary>Writes the log-softmax; may be in place. Returns the same as <see cref="Softmax"/>.</summary>
    [MethodImpl(Hot.Loop)]
    public static nint LogSoftmax(
        float* scores, float* logProbabilities, int rowCount, int classCount, float temperature, in ExponentScale scale, bool isOutOfCache)
    {
        var loop = RowLoops.For<TLanes>(isLog: true, rowCount, classCount, isOutOfCache);
        var row = loop switch
        {
            RowLoop.Packed when temperature == 1f => PackedRows.Write(
                scores, logProbabilities, rowCount, classCount, scale, isOutOfCache, default(PlainLogSoftmaxEnd)),
            RowLoop.Packed => PackedRows.Write(
                scores, logProbabilities, rowCount, classCount, scale, isOutOfCache, new LogSoftmaxEnd(temperature, scale.Lowest)),
            RowLoop.Columns => ColumnBlock<TLanes>.Write<AsLogarithms>(scores, logProbabilities, rowCount, classCount, temperature, scale),
            RowLoop.LongToCache or RowLoop.LongToMemory when temperature == 1f => LongRows<TLanes, Subtraction<TLanes>, KeepsScores>.Write(
                scores, logProbabilities, rowCount, classCount, scale, loop == RowLoop.LongToMemory),
            _ => 0,
        };
        for (var i = row; i < rowCount; i++)
            LogSoftmaxRow<TLanes>.Write(scores + (i * classCount), logProbabilities + (i * classCount), classCount, temperature, scale);
        return row;
    }

    // Apart from the loop itself: after a call in it, its constants would have to be loaded again.
    [MethodImpl(Hot.Loop)]
    private static nint WritePairs(float* scores, float* probabilities, int rowCount, in ExponentScale scale)
    {
        for (nint row = 0; ; row += TLanes.Count)
        {
            row += PairBlock<TLanes>.Softmax(scores + (2 * row), probabilities + (2 * row), (rowCount - (int)row) / TLanes.Count, scale)
                * TLanes.Count;
            if (row > rowCount - TLanes.Count)
                return row;
            if (PairBlock<TLanes>.TryFarApart(scores + (2 * row), probabilities + (2 * row), scale))
                continue;

            // A block with a score that is not finite.
            for (var i = row; i < row + TLanes.Count; i++)
                SoftmaxRow<TLanes>.Write(scores + (2 * i), probabilities + (2 * i), 2, scale, out _);
        }
    }
}
