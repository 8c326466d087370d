namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Finds the logits that stand for -infinity, and replaces them by the value that -infinity gets.</summary>
internal static class RowMasks
{
    /// <summary>A mask is at least this many times the median distance of the two largest logits below its row's largest logit.</summary>
    private const float Far = 100;

    private const int SampledRows = 4096;

    /// <summary>
    /// The distance below the largest logit of its row from which on a logit is a mask. The two largest logits are almost never masks, so
    /// the median of their distances shows the scale of the logits, however many of the others are masked.
    /// </summary>
    public static float SmallestDistance(CalibrationRows rows)
    {
        var distances = new List<float>();
        var skipped = Math.Max(1, rows.KeptRows / SampledRows);
        var next = 0L;
        foreach (var chunk in rows.Chunks)
        {
            for (; next < chunk.RowCount; next += skipped)
                distances.Add(BetweenTheLargestTwo(chunk, (int)next));
            next -= chunk.RowCount;
        }
        distances.Sort();
        return Far * Math.Max(1, distances[distances.Count / 2]);
    }

    /// <summary>Replaces the masks of a row. Returns true if its true class is masked, which excludes the row.</summary>
    public static bool Replace(RowChunk chunk, int row, float distance, out float largest)
    {
        var lanes = chunk.Lanes(row);
        largest = float.NegativeInfinity;
        for (var i = 0; i < lanes.Length; i += RowChunk.TileRows)
            largest = Math.Max(largest, lanes[i]);
        var masked = largest - distance;
        if (chunk.LabelScores[row] < masked)
        {
            chunk.RuleOut(row);
            return true;
        }
        for (var i = 0; i < lanes.Length; i += RowChunk.TileRows)
        {
            if (lanes[i] < masked)
                lanes[i] = largest + Probabilities.SmallestLogit;
        }
        return false;
    }

    private static float BetweenTheLargestTwo(RowChunk chunk, int row)
    {
        var (first, second) = (float.NegativeInfinity, float.NegativeInfinity);
        var lanes = chunk.Lanes(row);
        for (var i = 0; i < lanes.Length; i += RowChunk.TileRows)
        {
            second = Math.Max(second, Math.Min(first, lanes[i]));
            first = Math.Max(first, lanes[i]);
        }
        return first - second;
    }
}
