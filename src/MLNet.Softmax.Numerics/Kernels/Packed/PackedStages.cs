namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The buffers of the blocks in the pipeline, which move on by one stage a round.</summary>
internal unsafe struct PackedStages
{
    public float* Entering;
    public float* Summed;
    public float* Leaving;
    private float* resting;

    /// <summary>Has room for two blocks, and for lag - 1 more: one for each round between a block's first and last stage.</summary>
    [MethodImpl(Hot.Inline)]
    public PackedStages(float* first, float* more, int length, int lag)
    {
        Entering = first;
        Leaving = first + length;
        Summed = lag == 1 ? first : more;
        resting = lag == 3 ? more + length : first;
    }

    [MethodImpl(Hot.Inline)]
    public void MoveOn(int lag)
    {
        var free = Leaving;
        Leaving = Summed;
        Summed = lag == 1 ? free : lag == 2 ? Entering : resting;
        resting = Entering;
        Entering = free;
    }
}

/// <summary>
/// The sums of rows of 64 and more, lane by lane, computed from the registers that hold their exponentials: at most one row ends within
/// four vectors.
/// </summary>
[method: MethodImpl(Hot.Inline)]
internal unsafe struct PassingSums(float* target, int classCount)
{
    private readonly int classCount = classCount;
    private float* target = target;
    private int end = classCount;
    private Vector512<float> sum = Vector512<float>.Zero;
    private Vector512<float> other = Vector512<float>.Zero;

    [MethodImpl(Hot.Inline)]
    public void Add(in FourVectors values, int start)
    {
        if (start + 64 < end)
        {
            // Alternating, so that neither is added to often: rounding in the same direction each time would accumulate.
            (sum, other) = (other + values.Sum, sum);
            return;
        }

        var (a, b) = (Lanes512.FirstLanes(end - start), Lanes512.FirstLanes(end - start - 16));
        var (c, d) = (Lanes512.FirstLanes(end - start - 32), Lanes512.FirstLanes(end - start - 48));
        other += ((values.A & a) + (values.B & b)) + ((values.C & c) + (values.D & d));
        EndRow((Vector512.AndNot(values.A, a) + Vector512.AndNot(values.B, b))
            + (Vector512.AndNot(values.C, c) + Vector512.AndNot(values.D, d)));
    }

    /// <summary>The rest of a block after whole steps belongs to its last row.</summary>
    [MethodImpl(Hot.Inline)] public void AddToLast(Vector512<float> value) => sum += value;

    /// <summary>Stores the sum of the last row, unless it ended with a step; then the stored value is behind all others.</summary>
    [MethodImpl(Hot.Inline)] public readonly void EndLast() => (sum + other).Store(target);

    [MethodImpl(Hot.Inline)]
    private void EndRow(Vector512<float> next)
    {
        (sum + other).Store(target);
        target += 16;
        end += classCount;
        (sum, other) = (next, Vector512<float>.Zero);
    }
}

/// <summary>
/// A buffer for results that go directly to memory if blocks do not start at a cache line. It keeps results until whole lines can be
/// written; a line that two blocks share is written with the second. For a line written in parts, the processor would have to read it from
/// memory first.
/// </summary>
internal readonly unsafe struct LineStaging
{
    /// <summary>The room before a block: for the last vector of the block before.</summary>
    public const int Room = 16;

    private readonly float* before;
    private readonly int head;

    /// <param name="block">A block's results, with <see cref="Room"/> before and after them.</param>
    /// <param name="target">The final destination of any block.</param>
    [MethodImpl(Hot.Inline)]
    public LineStaging(float* block, float* target)
    {
        before = block - Room;
        head = (int)(-(nint)target & (sizeof(Vector512<float>) - 1)) / sizeof(float);
    }

    /// <summary>Whether blocks do not start at a cache line.</summary>
    public bool IsNeeded => head > 0;

    /// <summary>Writes the complete lines.</summary>
    [MethodImpl(Hot.Inline)]
    public void Send(float* target, int length, bool isFirst)
    {
        if (isFirst)
            Lanes512.StorePartial(target, head, new(Vector512.Load(before + Room)));
        for (nint i = isFirst ? 16 : 0; i < length; i += 16)
            Vector512.Load(before + head + i).StoreAlignedNonTemporal(target + head - Room + i);
        Vector512.Load(before + length).Store(before);
    }

    /// <summary>Writes the rest, which ends there.</summary>
    [MethodImpl(Hot.Inline)]
    public void SendRest(float* end)
    {
        var rest = Room - head;
        Lanes512.StorePartial(end - rest, rest, new(Vector512.Load(before + head)));
    }
}
