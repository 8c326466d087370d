using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The softmax of rows that fill vectors well: each row's exponentials go to a
/// buffer, from where they are scaled and written while the next row's are computed.
/// </summary>
internal static unsafe class LongRows<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    // Two of the longest rows take less than 64 KB on the stack. Out of cache longer ones gain nothing from it unless they are streamed.
    private const int MostClasses = 7_680, MostClassesOutOfCache = 768;

    // Results of shorter rows, even of many, are better left to the caches. Two rows of the longest must stay in the second-level cache.
    private const int FewestClassesStreamed = 128, MostClassesStreamed = 40_000;

    /// <summary>Three rows of so many stay in the first-level cache, which has 32 KB.</summary>
    public const int MostClassesNear = 2_200;

    // Of memory, in bytes.
    private const int LineSize = 64;

    // Of memory, in floats.
    private const int PageLength = 1_024;

    /// <summary>Whether rows are better taken this way.</summary>
    public static bool Suits(int rowCount, int classCount, bool isOutOfCache)
        => rowCount > 1 && classCount > RegisterRow<TLanes>.Capacity
            && (classCount <= (isOutOfCache ? MostClassesOutOfCache : MostClasses) || IsStreamed(classCount, isOutOfCache));

    /// <summary>Writes the probabilities of two rows or more; may be in place.</summary>
    public static void Write(float* scores, float* probabilities, int rowCount, int classCount, in ExponentScale scale, bool isOutOfCache)
    {
        if (!IsStreamed(classCount, isOutOfCache))
            WriteToCache(scores, probabilities, rowCount, classCount, scale);
        else if (classCount <= MostClassesNear)
            WriteToMemory<No>(scores, probabilities, rowCount, classCount, scale);
        else
            WriteToMemory<Yes>(scores, probabilities, rowCount, classCount, scale);
    }

    /// <summary>Whether results go past the caches.</summary>
    public static bool IsStreamed(int classCount, bool isOutOfCache)
        => isOutOfCache && sizeof(TLanes) == LineSize && classCount is >= FewestClassesStreamed and <= MostClassesStreamed;

    [SkipLocalsInit]
    private static void WriteToCache(float* scores, float* probabilities, int rowCount, int classCount, in ExponentScale scale)
    {
        var room = stackalloc float[Distance(classCount) + classCount + TLanes.Count];
        var current = (float*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
        var previous = current + Distance(classCount);
        RowExponentials<TLanes>.Write(scores, current, classCount, scale, default(Nothing), out var sum);
        for (nint row = 1; row < rowCount; row++)
        {
            var free = previous;
            previous = current;
            current = free;
            var finishing = new Finishing<TLanes, Scaling<TLanes>>(
                previous, probabilities + ((row - 1) * classCount), classCount, new Scaling<TLanes>(sum.Value));
            RowExponentials<TLanes>.Write(scores + (row * classCount), current, classCount, scale, finishing, out sum);
        }

        RowSweep<TLanes>.Apply(current, probabilities + ((nint)(rowCount - 1) * classCount), classCount, new Scaling<TLanes>(sum.Value));
    }

    private static void WriteToMemory<TLong>(float* scores, float* probabilities, int rowCount, int classCount, in ExponentScale scale)
        where TLong : struct, IChoice
    {
        var shared = (float*)NativeMemory.AlignedAlloc(
            (nuint)(TLanes.Count + Distance(classCount) + classCount) * sizeof(float), (nuint)sizeof(TLanes));
        try
        {
            var current = shared + TLanes.Count;
            var previous = current + Distance(classCount);
            var near = RowExponentials<TLanes>.Write(scores, current, classCount, scale, default(Nothing), out var sum);
            for (nint row = 1; row < rowCount; row++)
            {
                var free = previous;
                previous = current;
                current = free;
                var input = scores + (row * classCount);
                var streaming = new Streaming<TLanes, Scaling<TLanes>, TLong>(
                    previous, probabilities + ((row - 1) * classCount), classCount,
                    input, shared, row == 1, new Scaling<TLanes>(sum.Value));
                near = RowExponentials<TLanes>.Write(input, current, classCount, scale, streaming, out sum, trusting: near);
            }

            var last = probabilities + ((nint)(rowCount - 1) * classCount);
            new Streaming<TLanes, Scaling<TLanes>, TLong>(
                current, last, classCount, current, shared, isFirst: false, new Scaling<TLanes>(sum.Value)).End();
        }
        finally
        {
            NativeMemory.AlignedFree(shared);
        }
    }

    /// <summary>From one row's exponentials to the other's: half a page more than whole pages.</summary>
    /// <remarks>Where two places differ by whole pages, or nearly, the processor takes one for the other at first, and waits.</remarks>
    private static int Distance(int classCount) => ((classCount + (PageLength / 2) - 1) & -PageLength) + (PageLength / 2);
}
