namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>NaN ranks below everything: it fills what is left of the k places, in the order of its indices.</summary>
internal static unsafe class MissingScores
{
    public static void Append(float* scores, int count, int k, int written, int* indices, float* values)
    {
        for (var i = 0; i < count && written < k; i++)
        {
            if (!float.IsNaN(scores[i]))
                continue;
            indices[written] = i;
            values[written++] = scores[i];
        }
    }
}
