using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The k largest of one row: what reaches a lower bound of the k-th is packed together and put in order.</summary>
internal static unsafe class TopKRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Whether rows of that shape can be done this way.</summary>
    public static bool Covers(int count, int k) => k <= TopKBound<TLanes>.LargestK || count <= TopKCandidates<TLanes>.Most;

    /// <summary>Writes the k largest of each row.</summary>
    [SkipLocalsInit]
    [MethodImpl(Hot.Loop)]
    public static void Write(float* scores, nint rowCount, int count, int k, int* indices, float* values)
    {
        var candidateValues = stackalloc float[TopKCandidates<TLanes>.Room];
        var candidateIndices = stackalloc int[TopKCandidates<TLanes>.Room];
        var order = stackalloc int[TopKCandidates<TLanes>.Room];
        var inBlocks = count >= TopKBlocks<TLanes>.ShortestRow;
        var maxima = stackalloc float[inBlocks ? TopKBlocks<TLanes>.Most * TLanes.Count : 0];
        for (nint row = 0; row < rowCount; row++, scores += count, indices += k, values += k)
        {
            var written = inBlocks
                ? WriteInBlocks(scores, count, k, maxima, candidateValues, candidateIndices, order, indices, values)
                : WriteWhole(scores, count, k, candidateValues, candidateIndices, order, indices, values);
            if (written < k)
                MissingScores.Append(scores, count, k, written, indices, values);
        }
    }

    [MethodImpl(Hot.Loop)]
    private static int WriteWhole(
        float* scores, int count, int k, float* candidateValues, int* candidateIndices, int* order, int* indices, float* values)
    {
        var bound = TopKBound<TLanes>.Of(scores, count, k, candidateValues, order);
        var candidates = new TopKCandidates<TLanes>(k, bound, candidateValues, candidateIndices, order);
        candidates.Add(scores, 0, count);
        return candidates.Write(indices, values);
    }

    [SkipLocalsInit]
    [MethodImpl(Hot.Loop)]
    private static int WriteInBlocks(
        float* scores, int count, int k, float* maxima, float* candidateValues,
        int* candidateIndices, int* order, int* indices, float* values)
    {
        var length = TopKBlocks<TLanes>.LengthFor(count);
        var blocks = TopKBlocks<TLanes>.Maxima(scores, count, length, maxima);
        var bound = TopKBound<TLanes>.Of(maxima, blocks * TLanes.Count, k, candidateValues, order);
        var reaching = stackalloc int[TopKBlocks<TLanes>.Most];
        var found = TopKBlocks<TLanes>.Reaching(maxima, blocks, bound, reaching);
        var candidates = new TopKCandidates<TLanes>(k, bound, candidateValues, candidateIndices, order);
        var limit = TLanes.Create(bound);
        for (var i = 0; i < found; i++)
        {
            var start = reaching[i] * length;
            var end = start + Math.Min(length, count - start);
            for (; start <= end - (4 * TLanes.Count); start += 4 * TLanes.Count)
            {
                if (Reaching<TLanes>.OfFourVectors(scores + start, limit) != 0)
                    candidates.Add(scores, start, start + (4 * TLanes.Count));
            }

            candidates.Add(scores, start, end);
        }

        return candidates.Write(indices, values);
    }
}
