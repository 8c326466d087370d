using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Results on their way past the caches to where lines do not begin with a block: they are kept until whole lines can go, and what two
/// blocks share goes with the second. Stored in parts, a line would have to be read from memory first.
/// </summary>
internal readonly unsafe struct LineStaging
{
    /// <summary>What must lie before a block: the last vector of the one before.</summary>
    public const int Room = 16;

    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly float* before;
    private readonly int head;

    /// <param name="block">A block's results, with <see cref="Room"/> before and behind them.</param>
    /// <param name="target">Where results go, in the end; any block will do.</param>
    [MethodImpl(Inline)]
    public LineStaging(float* block, float* target)
    {
        before = block - Room;
        head = (int)(-(nint)target & (sizeof(Vector512<float>) - 1)) / sizeof(float);
    }

    /// <summary>Whether lines do not begin with a block.</summary>
    public bool IsNeeded => head > 0;

    /// <summary>Sends the lines that are whole.</summary>
    [MethodImpl(Inline)]
    public void Send(float* target, int length, bool isFirst)
    {
        if (isFirst)
            Lanes512.StorePartial(target, head, new(Vector512.Load(before + Room)));
        for (nint i = isFirst ? 16 : 0; i < length; i += 16)
            Vector512.Load(before + head + i).StoreAlignedNonTemporal(target + head - Room + i);
        Vector512.Load(before + length).Store(before);
    }

    /// <summary>Sends what is left, which ends there.</summary>
    [MethodImpl(Inline)]
    public void SendRest(float* end)
    {
        var rest = Room - head;
        Lanes512.StorePartial(end - rest, rest, new(Vector512.Load(before + head)));
    }
}
