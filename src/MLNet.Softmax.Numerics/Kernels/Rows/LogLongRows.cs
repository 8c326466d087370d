namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The log-softmax, at temperature 1, of rows that fill vectors well: each is written while the exponentials of the next are summed.</summary>
internal static unsafe class LogLongRows<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Whether that is better: out of cache the processor loses sight of what it should fetch next.</summary>
    public static bool Suits(int classCount, float temperature, bool isOutOfCache)
        => temperature == 1f && classCount > RegisterRow<TLanes>.Capacity && !isOutOfCache;

    /// <summary>Writes the logarithms of the probabilities of one row or more; may be in place.</summary>
    public static void Write(float* scores, float* logProbabilities, int rowCount, int classCount, in ExponentScale scale)
    {
        RowExponentials<TLanes>.Sum(scores, classCount, scale, default(Nothing), out var sum);
        for (nint row = 1; row < rowCount; row++)
        {
            var before = (row - 1) * classCount;
            if (Subtraction<TLanes>.Suits(sum, 1f))
            {
                var finishing = new Finishing<TLanes, Subtraction<TLanes>>(scores + before, logProbabilities + before, classCount, new Subtraction<TLanes>(sum));
                RowExponentials<TLanes>.Sum(scores + (row * classCount), classCount, scale, finishing, out sum);
            }
            else
            {
                LogSoftmaxRow<TLanes>.Write(scores + before, logProbabilities + before, classCount, sum, 1f, scale);
                RowExponentials<TLanes>.Sum(scores + (row * classCount), classCount, scale, default(Nothing), out sum);
            }
        }

        var last = (nint)(rowCount - 1) * classCount;
        LogSoftmaxRow<TLanes>.Write(scores + last, logProbabilities + last, classCount, sum, 1f, scale);
    }
}
