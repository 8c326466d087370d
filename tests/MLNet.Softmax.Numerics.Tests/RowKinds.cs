namespace MLNet.Softmax.Numerics.Tests;

/// <summary>Batches whose rows are alike, and batches whose rows are anything but.</summary>
internal static class RowKinds
{
    public delegate float[] Kind(Random random, int rowCount, int classCount);

    public static IReadOnlyList<Kind> All { get; } =
    [
        (random, rows, classes) => Normal(random, rows, classes, 3, 0),
        (random, rows, classes) => Normal(random, rows, classes, 50, 0),
        (random, rows, classes) => Each(rows, classes, _ => Normal(random, 1, classes, 3, (random.NextDouble() * 1000) - 500)),
        Mixed,
        LateSpike,
        Masked,
        Special,
    ];

    public static float[] Normal(Random random, int rowCount, int classCount, double deviation, double mean)
    {
        var values = new float[rowCount * classCount];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                * Math.Cos(2 * Math.PI * random.NextDouble()) * deviation) + mean);
        return values;
    }

    /// <summary>Neighbouring rows at 1e6, -1e6, -40, 0 and 1e30.</summary>
    public static float[] Mixed(Random random, int rowCount, int classCount) => Each(rowCount, classCount, _ => random.Next(5) switch
    {
        0 => Normal(random, 1, classCount, 3, 1e6),
        1 => Normal(random, 1, classCount, 3, -1e6),
        2 => Normal(random, 1, classCount, 3, -40),
        3 => Normal(random, 1, classCount, 1e30, 0),
        _ => Normal(random, 1, classCount, 3, 0),
    });

    /// <summary>Rows that move away from 0 and come back, by a fifth of a nat a row.</summary>
    public static float[] Drifting(Random random, int rowCount, int classCount)
        => Each(rowCount, classCount, row => Normal(random, 1, classCount, 3, 0.2 * Math.Min(row, rowCount - row)));

    private static float[] LateSpike(Random random, int rowCount, int classCount) => Each(rowCount, classCount, _ =>
    {
        var row = Normal(random, 1, classCount, 3, 0);
        row[^1] = 150 + random.Next(50);
        return row;
    });

    private static float[] Masked(Random random, int rowCount, int classCount) => Each(rowCount, classCount, _ =>
    {
        var row = Normal(random, 1, classCount, 3, 0);
        for (var i = 0; i < classCount; i++)
        {
            if (random.Next(3) == 0)
                row[i] = float.NegativeInfinity;
        }

        return row;
    });

    private static float[] Special(Random random, int rowCount, int classCount) => Each(rowCount, classCount, row =>
    {
        var values = Normal(random, 1, classCount, 3, 0);
        float[] specials = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon];
        if (row % 3 == 1)
            values[random.Next(classCount)] = specials[random.Next(specials.Length)];
        else if (row % 7 == 2)
            Array.Fill(values, specials[random.Next(specials.Length)]);
        return values;
    });

    private static float[] Each(int rowCount, int classCount, Func<int, float[]> row)
        => [.. Enumerable.Range(0, rowCount).SelectMany(row)];
}
