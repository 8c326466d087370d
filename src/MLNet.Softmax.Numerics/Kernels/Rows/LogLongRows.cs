using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The log-softmax, at temperature 1, of rows that fill vectors well: each is written while the exponentials of the next are summed.
/// </summary>
internal static unsafe class LogLongRows<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Whether that is better: out of cache the processor loses sight of what it should fetch next, unless it is told.</summary>
    public static bool Suits(int classCount, float temperature, bool isOutOfCache)
        => temperature == 1f && classCount > RegisterRow<TLanes>.Capacity
        && (!isOutOfCache || LongRows<TLanes>.IsStreamed(classCount, isOutOfCache));

    /// <summary>Writes the logarithms of the probabilities of one row or more; may be in place.</summary>
    public static void Write(
        float* scores, float* logProbabilities, int rowCount, int classCount, in ExponentScale scale, bool isOutOfCache)
    {
        if (!LongRows<TLanes>.IsStreamed(classCount, isOutOfCache))
            WriteToCache(scores, logProbabilities, rowCount, classCount, scale);
        else if (classCount <= LongRows<TLanes>.MostClassesNear)
            WriteToMemory<No>(scores, logProbabilities, rowCount, classCount, scale);
        else
            WriteToMemory<Yes>(scores, logProbabilities, rowCount, classCount, scale);
    }

    private static void WriteToCache(float* scores, float* logProbabilities, int rowCount, int classCount, in ExponentScale scale)
    {
        RowExponentials<TLanes>.Sum(scores, classCount, scale, default(Nothing), out var sum);
        for (nint row = 1; row < rowCount; row++)
        {
            var before = (row - 1) * classCount;
            if (Subtraction<TLanes>.Suits(sum, 1f))
            {
                var finishing = new Finishing<TLanes, Subtraction<TLanes>>(
                    scores + before, logProbabilities + before, classCount, new Subtraction<TLanes>(sum));
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

    private static void WriteToMemory<TLong>(float* scores, float* logProbabilities, int rowCount, int classCount, in ExponentScale scale)
        where TLong : struct, IChoice
    {
        var shared = (float*)NativeMemory.AlignedAlloc((nuint)(TLanes.Count + classCount) * sizeof(float), (nuint)sizeof(TLanes));
        try
        {
            // Rows that are not finished on the way are finished there.
            var finished = shared + TLanes.Count;
            var near = RowExponentials<TLanes>.Sum(scores, classCount, scale, default(Nothing), out var sum);
            for (nint row = 1; row < rowCount; row++)
            {
                var input = scores + (row * classCount);
                var before = input - classCount;
                var target = logProbabilities + ((row - 1) * classCount);
                if (Subtraction<TLanes>.Suits(sum, 1f))
                {
                    var streaming = new Streaming<TLanes, Subtraction<TLanes>, TLong>(
                        before, target, classCount, input, shared, row == 1, new Subtraction<TLanes>(sum));
                    near = RowExponentials<TLanes>.Sum(input, classCount, scale, streaming, out sum, trusting: near);
                }
                else
                {
                    LogSoftmaxRow<TLanes>.Write(before, finished, classCount, sum, 1f, scale);
                    var streaming =
                        new Streaming<TLanes, Unchanged<TLanes>, TLong>(finished, target, classCount, input, shared, row == 1, default);
                    near = RowExponentials<TLanes>.Sum(input, classCount, scale, streaming, out sum, trusting: near);
                }
            }

            var last = (nint)(rowCount - 1) * classCount;
            LogSoftmaxRow<TLanes>.Write(scores + last, finished, classCount, sum, 1f, scale);
            new Streaming<TLanes, Unchanged<TLanes>, TLong>(
                finished, logProbabilities + last, classCount, finished, shared, rowCount == 1, default).End();
        }
        finally
        {
            NativeMemory.AlignedFree(shared);
        }
    }
}
