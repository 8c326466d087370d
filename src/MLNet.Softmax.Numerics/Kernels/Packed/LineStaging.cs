namespace MLNet.Softmax.Numerics.Kernels;

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
