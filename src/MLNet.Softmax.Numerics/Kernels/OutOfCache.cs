namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Whether a batch is so large that its results leave the caches before anybody reads them.</summary>
/// <remarks>Asked once for the whole batch, before it is split among threads: some rows are then added up in another order.</remarks>
internal static class OutOfCache
{
    private const long Length = 4L << 20;

    public static bool IsFor(int rowCount, int classCount) => (long)rowCount * classCount >= Length;
}
