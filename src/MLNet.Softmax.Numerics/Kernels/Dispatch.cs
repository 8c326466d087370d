using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Which loop takes rows that follow each other, by the vectors, the number of classes and rows, and whether they fit the caches.
/// </summary>
internal static unsafe class Dispatch<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the softmax; may be in place.</summary>
    [MethodImpl(Hot.Loop)]
    public static void Softmax(float* scores, float* probabilities, int rowCount, int classCount, in ExponentScale scale, bool isOutOfCache)
    {
        nint row = 0;
        if (classCount == 2)
            row = WritePairs(scores, probabilities, rowCount, scale);
        else if (PackedRows.Suits<TLanes>(rowCount, classCount, isOutOfCache))
            row = PackedRows.Write(scores, probabilities, rowCount, classCount, scale, isOutOfCache, default(SoftmaxEnd));
        else if (ColumnBlock<TLanes>.Suits(rowCount, classCount, isOutOfCache))
            row = ColumnBlock<TLanes>.Write<AsProbabilities>(scores, probabilities, 0, rowCount, classCount, 1f, scale);
        else if (LongRows<TLanes, Scaling<TLanes>, KeepsExponentials>.Suits(rowCount, classCount, isOutOfCache))
            row = LongRows<TLanes, Scaling<TLanes>, KeepsExponentials>.Write(scores, probabilities, rowCount, classCount, scale, isOutOfCache);
        for (; row < rowCount; row++)
            SoftmaxRow<TLanes>.Write(scores + (row * classCount), probabilities + (row * classCount), classCount, scale, out _);
    }

    /// <summary>Writes the log-softmax; may be in place.</summary>
    [MethodImpl(Hot.Loop)]
    public static void LogSoftmax(
        float* scores, float* logProbabilities, int rowCount, int classCount, float temperature, in ExponentScale scale, bool isOutOfCache)
    {
        nint row = 0;
        if (PackedRows.Suits<TLanes>(rowCount, classCount, isOutOfCache))
            row = temperature == 1f
                ? PackedRows.Write(scores, logProbabilities, rowCount, classCount, scale, isOutOfCache, default(PlainLogSoftmaxEnd))
                : PackedRows.Write(
                    scores, logProbabilities, rowCount, classCount, scale, isOutOfCache, new LogSoftmaxEnd(temperature, scale.Lowest));
        else if (ColumnBlock<TLanes>.Suits(rowCount, classCount, isOutOfCache))
            row = WriteColumns(scores, logProbabilities, rowCount, classCount, temperature, scale);
        else if (temperature == 1f && LongRows<TLanes, Subtraction<TLanes>, KeepsScores>.Suits(rowCount, classCount, isOutOfCache))
            row = LongRows<TLanes, Subtraction<TLanes>, KeepsScores>.Write(scores, logProbabilities, rowCount, classCount, scale, isOutOfCache);
        WriteRows(scores, logProbabilities, row, rowCount, classCount, temperature, scale);
    }

    [MethodImpl(Hot.Loop)]
    private static void WriteRows(
        float* scores, float* logProbabilities, nint row, nint end, int classCount, float temperature, in ExponentScale scale)
    {
        for (; row < end; row++)
            LogSoftmaxRow<TLanes>.Write(scores + (row * classCount), logProbabilities + (row * classCount), classCount, temperature, scale);
    }

    [MethodImpl(Hot.Loop)]
    private static nint WriteColumns(
        float* scores, float* logProbabilities, int rowCount, int classCount, float temperature, in ExponentScale scale)
    {
        for (nint row = 0; ; row += TLanes.Count)
        {
            row = ColumnBlock<TLanes>.Write<AsLogarithms>(scores, logProbabilities, row, rowCount, classCount, temperature, scale);
            if (row > rowCount - TLanes.Count)
                return row;

            // A block with a row that is not finite or extreme.
            WriteRows(scores, logProbabilities, row, row + TLanes.Count, classCount, temperature, scale);
        }
    }

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
