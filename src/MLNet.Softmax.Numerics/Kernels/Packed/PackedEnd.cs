namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The last stage for 16 rows: computes their results once their sums are known.</summary>
internal unsafe interface IPackedEnd
{
    /// <summary>Whether anything is written.</summary>
    static abstract bool Writes { get; }

    /// <summary>
    /// Whether exponentials are only summed, and at temperature 1: one float for ln 2 is then exact enough (see
    /// <see cref="NearTerms{TAtOne}"/>), which saves one multiplication.
    /// </summary>
    static virtual bool IsSumAtOne => false;

    /// <summary>Whether it has so few variables that the same loop can find each row's shift.</summary>
    static virtual bool LeavesRoom => false;

    /// <summary>
    /// Called with each block's sums of exponentials, which are shifted by <paramref name="offset"/> and <paramref name="power"/>: see
    /// <see cref="RowShift"/>.
    /// </summary>
    /// <remarks>
    /// A block may come twice; only the second call counts. The method may change the exponentials: <see cref="Apply"/> gets them later.
    /// </remarks>
    void Prepare(int block, float* exponentials, Vector512<float> sum, Vector512<float> power, Vector512<float> offset);

    /// <summary>
    /// Computes the results for some of the block's values from their exponentials, their scores and the lanes of their rows. There may be
    /// offsets if <typeparamref name="TPerRow"/> says so.
    /// </summary>
    Vector512<float> Apply<TPerRow>(float* exponentials, float* scores, Vector512<int> lanes)
        where TPerRow : struct, IChoice;
}

/// <summary>Softmax: the exponentials divided by their sum.</summary>
internal unsafe struct SoftmaxEnd : IPackedEnd
{
    private Vector512<float> factor;

    public static bool Writes => true;

    public static bool LeavesRoom => true;

    [MethodImpl(Hot.Inline)]
    public void Prepare(int block, float* exponentials, Vector512<float> sum, Vector512<float> power, Vector512<float> offset) =>
        factor = Vector512<float>.One / sum;

    [MethodImpl(Hot.Inline)]
    public readonly Vector512<float> Apply<TPerRow>(float* exponentials, float* scores, Vector512<int> lanes)
        where TPerRow : struct, IChoice
        => Vector512.Load(exponentials) * Avx512F.PermuteVar16x32(factor, lanes);
}

/// <summary>Log-softmax at temperature 1: z - logsumexp, the latter as a high and a low float.</summary>
internal unsafe struct PlainLogSoftmaxEnd : IPackedEnd
{
    private Vector512<float> high;
    private Vector512<float> low;
    private Vector512<float> offset;

    public static bool Writes => true;

    public static bool IsSumAtOne => true;

    [MethodImpl(Hot.Inline)]
    public void Prepare(int block, float* exponentials, Vector512<float> sum, Vector512<float> power, Vector512<float> offset)
    {
        high = Logarithm<Lanes512>.OfShifted(new(sum), new(power), 0f, out var rest).Value;
        low = rest.Value - Vector512.Create((float)Lanes512.Excess);
        this.offset = offset;
    }

    [MethodImpl(Hot.Inline)]
    public readonly Vector512<float> Apply<TPerRow>(float* exponentials, float* scores, Vector512<int> lanes)
        where TPerRow : struct, IChoice
    {
        var score = Vector512.Load(scores);
        if (TPerRow.IsYes)
            score -= Avx512F.PermuteVar16x32(offset, lanes);
        return Avx512F.Min(Vector512<float>.Zero, (score - Avx512F.PermuteVar16x32(high, lanes)) - Avx512F.PermuteVar16x32(low, lanes));
    }
}

/// <summary>Log-softmax at any temperature: z / T - logsumexp, both as a high and a low float.</summary>
internal unsafe struct LogSoftmaxEnd(float temperature, float lowest) : IPackedEnd
{
    private readonly float lowest = lowest;
    private readonly Reciprocal inverse = new(temperature);

    private Vector512<float> high;
    private Vector512<float> low;
    private Vector512<float> halfOffset;

    public static bool Writes => true;

    [MethodImpl(Hot.Inline)]
    public void Prepare(int block, float* exponentials, Vector512<float> sum, Vector512<float> power, Vector512<float> offset)
    {
        high = Logarithm<Lanes512>.OfShifted(new(sum), new(power), NaturalLogarithmOfTwo.Low, out var rest).Value;
        low = rest.Value - Vector512.Create((float)Lanes512.Excess);
        halfOffset = offset * Vector512.Create(0.5f);
    }

    [MethodImpl(Hot.Inline)]
    public readonly Vector512<float> Apply<TPerRow>(float* exponentials, float* scores, Vector512<int> lanes)
        where TPerRow : struct, IChoice
    {
        var score = Vector512.Load(scores);
        if (TPerRow.IsYes)
            score = (score * Vector512.Create(0.5f)) - Avx512F.PermuteVar16x32(halfOffset, lanes);

        // Half of each score, times twice the factor: the difference from half the offset never overflows.
        var by = TPerRow.IsYes ? 2f : 1f;
        var result = Vector512.FusedMultiplyAdd(score, Vector512.Create(by * inverse.High), -Avx512F.PermuteVar16x32(high, lanes));
        return Avx512F.Min(Vector512<float>.Zero, result + Vector512.FusedMultiplyAdd(
            Avx512F.Max(Vector512.Create(lowest), score), Vector512.Create(by * inverse.Low), -Avx512F.PermuteVar16x32(low, lanes)));
    }
}
