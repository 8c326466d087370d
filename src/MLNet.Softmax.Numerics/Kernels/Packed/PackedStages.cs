namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The buffers of the blocks in the pipeline, which move on by one stage a round.</summary>
internal unsafe struct PackedStages
{
    public float* Entering;
    public float* Summed;
    public float* Leaving;
    private float* resting;

    /// <param name="first">Room for two blocks.</param>
    /// <param name="more">Room for lag - 1 more blocks.</param>
    /// <param name="length">The length of a block.</param>
    /// <param name="lag">The number of rounds between a block's first and last stage.</param>
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
    [MethodImpl(Hot.Inline)]
    public void AddToLast(Vector512<float> value) => sum += value;

    /// <summary>Stores the sum of the last row, unless it ended with a step; then the stored value is behind all others.</summary>
    [MethodImpl(Hot.Inline)]
    public readonly void EndLast() => (sum + other).Store(target);

    [MethodImpl(Hot.Inline)]
    private void EndRow(Vector512<float> next)
    {
        (sum + other).Store(target);
        target += 16;
        end += classCount;
        (sum, other) = (next, Vector512<float>.Zero);
    }
}
