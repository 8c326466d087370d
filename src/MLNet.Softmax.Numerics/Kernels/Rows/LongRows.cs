using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The softmax of rows that fill vectors well: each row's exponentials go to a buffer, from where they are scaled and written while the next
/// row's are computed.
/// </summary>
internal static unsafe class LongRows<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    // Two of the longest rows take less than 64 KB on the stack. Out of cache longer ones gain nothing from it, or not once two of them and the
    // next have to leave the first-level cache.
    private const int MostClasses = 7_680, MostClassesOutOfCache = 768, MostClassesStreamed = 2_560;

    // Results of shorter rows, even of many, are better left to the caches.
    private const int FewestClassesStreamed = 512;

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
        if (IsStreamed(classCount, isOutOfCache) && scores != probabilities)
            Write<Yes>(scores, probabilities, rowCount, classCount, scale);
        else
            Write<No>(scores, probabilities, rowCount, classCount, scale);
    }

    private static bool IsStreamed(int classCount, bool isOutOfCache)
        => isOutOfCache && sizeof(TLanes) == LineSize && classCount is >= FewestClassesStreamed and <= MostClassesStreamed;

    [SkipLocalsInit]
    private static void Write<TStreamed>(float* scores, float* probabilities, int rowCount, int classCount, in ExponentScale scale)
        where TStreamed : struct, IChoice
    {
        // Half a page more than whole pages: where two places differ by whole pages, or nearly, the processor takes one for the other at first, and waits.
        var distance = ((classCount + (PageLength / 2) - 1) & -PageLength) + (PageLength / 2);
        var room = stackalloc float[distance + classCount + (2 * TLanes.Count)];
        var shared = (float*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
        var current = shared + TLanes.Count;
        var previous = current + distance;
        RowExponentials<TLanes>.Write(scores, current, classCount, scale, default(Nothing), out var sum);
        for (nint row = 1; row < rowCount; row++)
        {
            var free = previous;
            previous = current;
            current = free;
            var input = scores + (row * classCount);
            var target = probabilities + ((row - 1) * classCount);
            var scaling = new Scaling<TLanes>(sum.Value);
            if (TStreamed.IsYes)
            {
                var following = row < rowCount - 1 ? input + classCount : input;
                var streaming = new Streaming<TLanes, Scaling<TLanes>>(previous, target, classCount, following, shared, row == 1, scaling);
                RowExponentials<TLanes>.Write(input, current, classCount, scale, streaming, out sum);
            }
            else
            {
                RowExponentials<TLanes>.Write(input, current, classCount, scale, new Finishing<TLanes, Scaling<TLanes>>(previous, target, classCount, scaling), out sum);
            }
        }

        var last = probabilities + ((nint)(rowCount - 1) * classCount);
        if (TStreamed.IsYes)
            new Streaming<TLanes, Scaling<TLanes>>(current, last, classCount, current, shared, isFirst: false, new Scaling<TLanes>(sum.Value)).End();
        else
            RowSweep<TLanes>.Apply(current, last, classCount, new Scaling<TLanes>(sum.Value));
    }
}
