namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Top-k with a sorted buffer: a value that beats the last one kept is inserted where it belongs.</summary>
internal static class TopKInsertion
{
    /// <summary>Writes the <c>indices.Length</c> largest values of a row that has at least that many.</summary>
    public static void Row(ReadOnlySpan<float> scores, Span<int> indices, Span<float> values)
    {
        var kept = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            var score = scores[i];
            if (kept == values.Length)
            {
                if (!Precedes(score, values[kept - 1]))
                    continue;
                kept--;
            }

            var place = kept++;
            for (; place > 0 && Precedes(score, values[place - 1]); place--)
            {
                values[place] = values[place - 1];
                indices[place] = indices[place - 1];
            }

            values[place] = score;
            indices[place] = i;
        }
    }

    private static bool Precedes(float left, float right) => left > right || (float.IsNaN(right) && !float.IsNaN(left));
}
