namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Prefetches what will be read or written; addresses that do not exist are harmless.</summary>
internal static unsafe class Prefetching
{
    /// <summary>A page of memory, in floats.</summary>
    public const int PageLength = 1_024;

    /// <summary>
    /// Prefetches the first line of each page that begins in a range, so that the processor has translated the page's addresses before it
    /// needs them. A store that bypasses the caches waits for this translation, and so do the instructions after it.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static void Pages(float* start, int count)
    {
        const nint Size = PageLength * sizeof(float);
        for (var page = (float*)(((nint)start + Size - 1) & -Size); Sse.IsSupported && page < start + count; page += PageLength)
            Sse.Prefetch1(page);
    }

    /// <summary>Prefetches four lines of 16 floats.</summary>
    [MethodImpl(Hot.Inline)]
    public static void ToFirstLevel(float* position)
    {
        for (var line = 0; Sse.IsSupported && line < 4 * 16; line += 16)
            Sse.Prefetch0(position + line);
    }

    /// <summary>Prefetches four lines of 16 floats, to the second-level cache.</summary>
    [MethodImpl(Hot.Inline)]
    public static void ToSecondLevel(float* position)
    {
        for (var line = 0; Sse.IsSupported && line < 4 * 16; line += 16)
            Sse.Prefetch1(position + line);
    }
}
