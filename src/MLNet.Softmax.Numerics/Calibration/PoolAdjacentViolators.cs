using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// The non-decreasing step function of least weighted squared error, by pooling neighbours that are out of order
/// (M. Ayer et al., 1955): linear time on sorted points.
/// </summary>
internal static class PoolAdjacentViolators
{
    private record struct Block(float First, float Last, double Sum, double Weight)
    {
        public readonly double Mean => Sum / Weight;
    }

    /// <summary>Fits targets against inputs.</summary>
    /// <param name="inputs">Ascending; points with equal inputs count as one point with their mean target.</param>
    /// <param name="targets">One each, from 0 to 1.</param>
    /// <param name="weights">One each, at least 0; empty for all 1.</param>
    public static IsotonicCurve Fit(ReadOnlySpan<float> inputs, ReadOnlySpan<byte> targets, ReadOnlySpan<float> weights)
    {
        var blocks = new List<Block>();
        for (var i = 0; i < inputs.Length;)
        {
            var block = new Block(inputs[i], inputs[i], 0, 0);
            for (; i < inputs.Length && inputs[i] == block.First; i++)
            {
                var weight = weights.IsEmpty ? 1 : (double)weights[i];
                block.Sum += weight * targets[i];
                block.Weight += weight;
            }
            if (block.Weight == 0)
                continue;
            while (blocks.Count > 0 && blocks[^1].Mean >= block.Mean)
            {
                var before = blocks[^1];
                block = new Block(before.First, block.Last, before.Sum + block.Sum, before.Weight + block.Weight);
                blocks.RemoveAt(blocks.Count - 1);
            }
            blocks.Add(block);
        }
        return ToCurve(CollectionsMarshal.AsSpan(blocks));
    }

    /// <summary>A knot at either end of each block: flat within a block, linear between two.</summary>
    private static IsotonicCurve ToCurve(ReadOnlySpan<Block> blocks)
    {
        var inputs = new List<float>(2 * blocks.Length);
        var outputs = new List<float>(2 * blocks.Length);
        foreach (var block in blocks)
        {
            inputs.Add(block.First);
            outputs.Add((float)block.Mean);
            if (block.Last > block.First)
            {
                inputs.Add(block.Last);
                outputs.Add((float)block.Mean);
            }
        }
        return new IsotonicCurve([.. inputs], [.. outputs]);
    }
}
