using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The softmax, or the log-softmax at temperature 1, of rows that fill vectors well: the results of each row are written while the
/// exponentials of the next are computed. <typeparamref name="TFinish"/> computes the results from a row's values: its exponentials if
/// <typeparamref name="TKept"/> says that they are kept in a buffer until they can be scaled, otherwise its scores.
/// </summary>
internal static unsafe class LongRows<TLanes, TFinish, TKept>
    where TLanes : unmanaged, ILanes<TLanes>
    where TFinish : struct, IRowFinish<TFinish, TLanes>
    where TKept : struct, IChoice
{
    /// <summary>Writes at least two rows, in place or not, and returns how many.</summary>
    public static int Write(float* scores, float* target, int rowCount, int classCount, in ExponentScale scale, bool isPastCaches)
    {
        if (isPastCaches)
            WriteToMemory(scores, target, rowCount, classCount, scale);
        else
            WriteToCache(scores, target, rowCount, classCount, scale);
        return rowCount;
    }

    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    private static void WriteToCache(float* scores, float* target, int rowCount, int classCount, in ExponentScale scale)
    {
        var room = stackalloc float[Room(classCount) + TLanes.Count];
        room = (float*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
        Write<WritingToCache<TLanes, TFinish>>(scores, target, rowCount, classCount, scale, room);
    }

    [MethodImpl(Hot.Kernel)]
    private static void WriteToMemory(float* scores, float* target, int rowCount, int classCount, in ExponentScale scale)
    {
        var room = (float*)NativeMemory.AlignedAlloc((nuint)Room(classCount) * sizeof(float), (nuint)sizeof(TLanes));
        try
        {
            Write<WritingToMemory<TLanes, TFinish>>(scores, target, rowCount, classCount, scale, room);
        }
        finally
        {
            NativeMemory.AlignedFree(room);
        }
    }

    [MethodImpl(Hot.Kernel)]
    private static void Write<TAlongside>(float* scores, float* target, int rowCount, int classCount, in ExponentScale scale, float* room)
        where TAlongside : struct, IAlongside<TAlongside>
    {
        var current = room + TLanes.Count;
        var other = current + Distance(classCount);
        var isNear = RowExponentials<TLanes>.Compute<TKept, Nothing>(scores, current, classCount, scale, default, out var sum);
        var pending = new PendingRow { Count = classCount, SharedLine = room, IsFirst = true };
        for (nint row = 0; row < rowCount; row++)
        {
            pending.Values = TKept.IsYes ? current : scores;
            pending.Target = target;
            pending.Sum.Value = sum.Value;
            pending.Sum.Excess = sum.Excess;
            pending.Sum.Offset = sum.Offset;
            if (row == rowCount - 1)
                break;
            var free = other;
            other = current;
            current = free;
            scores += classCount;
            target += classCount;
            isNear = RowExponentials<TLanes>.Compute<TKept, TAlongside>(scores, current, classCount, scale, pending, out sum, isNear);
            pending.IsFirst = false;
        }

        TAlongside.Create(pending, scores).End();
    }

    /// <summary>For a line, and for two rows where they are kept.</summary>
    private static int Room(int classCount) => TLanes.Count + (TKept.IsYes ? Distance(classCount) + classCount : 0);

    /// <summary>The distance between the exponentials of two rows: half a page more than whole pages.</summary>
    /// <remarks>If two addresses differ by (almost) whole pages, the processor at first treats them as the same, and waits.</remarks>
    private static int Distance(int classCount)
        => ((classCount + (Prefetching.PageLength / 2) - 1) & -Prefetching.PageLength) + (Prefetching.PageLength / 2);
}
