using System.Buffers;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The softmax of rows that fill vectors well and fit a cache: each row's exponentials go to a buffer, from where they are scaled and written
/// while the next row's are computed.
/// </summary>
internal static unsafe class LongRows<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Two rows of this length, and the scores, fit a second-level cache.</summary>
    public const int MostClasses = 65_536;

    /// <summary>Beyond so many values the output leaves the caches before anybody reads it, so that it need not enter them.</summary>
    public const long StreamedLength = 4L << 20;

    // In shorter rows the lines of the cache that two rows share, written by both kinds of stores, cost more than streaming gains.
    private const int FewestStreamedClasses = 16_384;

    /// <summary>Writes the probabilities of two rows or more; may be in place.</summary>
    public static void Write(float* scores, float* probabilities, int rowCount, int classCount, in ExponentScale scale)
    {
        if ((long)rowCount * classCount >= StreamedLength && classCount >= FewestStreamedClasses && scores != probabilities)
        {
            Write<Yes>(scores, probabilities, rowCount, classCount, scale);
            if (Sse.IsSupported)
                Sse.StoreFence();
        }
        else
        {
            Write<No>(scores, probabilities, rowCount, classCount, scale);
        }
    }

    private static void Write<TStreaming>(float* scores, float* probabilities, int rowCount, int classCount, in ExponentScale scale)
        where TStreaming : struct, IChoice
    {
        var room = (classCount + (2 * TLanes.Count) - 1) & -TLanes.Count;
        var buffer = ArrayPool<float>.Shared.Rent((2 * room) + TLanes.Count);
        fixed (float* rented = buffer)
        {
            var current = (float*)(((nint)rented + sizeof(TLanes) - 1) & -sizeof(TLanes));
            var previous = current + room;
            var (_, sum) = RowExponentials<TLanes>.Write(scores, current, classCount, scale, default(Nothing));
            for (nint row = 1; row < rowCount; row++)
            {
                var swap = current;
                current = previous;
                previous = swap;
                var scaling = new Finishing<TLanes, Scaling<TLanes>, TStreaming>(previous, probabilities + ((row - 1) * classCount), classCount, new Scaling<TLanes>(sum));
                (_, sum) = RowExponentials<TLanes>.Write(scores + (row * classCount), current, classCount, scale, scaling);
            }

            RowSweep<TLanes>.Multiply(current, probabilities + ((nint)(rowCount - 1) * classCount), classCount, (float)(1.0 / sum));
        }

        ArrayPool<float>.Shared.Return(buffer);
    }
}
