using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The softmax of rows that fill vectors well: each row's exponentials go to a buffer, from where they are scaled and written while the next
/// row's are computed.
/// </summary>
internal static unsafe class LongRows<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    // Two of the longest rows take less than 64 KB on the stack. Out of cache longer ones gain nothing from it.
    private const int MostClasses = 7_680, MostClassesOutOfCache = 768;

    // Of memory, in floats.
    private const int PageLength = 1_024;

    /// <summary>Whether rows are better taken this way.</summary>
    public static bool Suits(int rowCount, int classCount, bool isOutOfCache)
        => rowCount > 1 && classCount > RegisterRow<TLanes>.Capacity
            && classCount <= (isOutOfCache ? MostClassesOutOfCache : MostClasses);

    /// <summary>Writes the probabilities of two rows or more; may be in place.</summary>
    [SkipLocalsInit]
    public static void Write(float* scores, float* probabilities, int rowCount, int classCount, in ExponentScale scale)
    {
        // Half a page more than whole pages: where two places differ by whole pages, or nearly, the processor takes one for the other at first, and waits.
        var distance = ((classCount + (PageLength / 2) - 1) & -PageLength) + (PageLength / 2);
        var room = stackalloc float[distance + classCount + TLanes.Count];
        var current = (float*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
        var previous = current + distance;
        RowExponentials<TLanes>.Write(scores, current, classCount, scale, default(Nothing), out var sum);
        for (nint row = 1; row < rowCount; row++)
        {
            var free = previous;
            previous = current;
            current = free;
            var scaling = new Finishing<TLanes, Scaling<TLanes>>(previous, probabilities + ((row - 1) * classCount), classCount, new Scaling<TLanes>(sum.Value));
            RowExponentials<TLanes>.Write(scores + (row * classCount), current, classCount, scale, scaling, out sum);
        }

        RowSweep<TLanes>.Apply(current, probabilities + ((nint)(rowCount - 1) * classCount), classCount, new Scaling<TLanes>(sum.Value));
    }
}
