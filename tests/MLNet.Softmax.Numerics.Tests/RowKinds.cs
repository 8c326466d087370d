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

    /// <summary>Rows, again and again.</summary>
    public static T[] Repeated<T>(T[] rows, int times)
    {
        var all = new T[rows.Length * times];
        for (var i = 0; i < times; i++)
            rows.CopyTo(all, i * rows.Length);
        return all;
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

/// <summary>Rows of every kind that a network, or a bug, can produce.</summary>
internal static class AnyRow
{
    private static readonly float[] Specials =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon,
        1.1754942e-38f, -1.1754944e-38f, 0f, -0f, 1e30f, -1e30f, 1e6f, -1e6f, 88.8f, -104.1f,
    ];

    private static readonly float[] Temperatures =
    [
        1f, 1f, 1f, 0.1f, 0.5f, 1.7359f, 3f, 100f, 1e-3f, 1e10f, 1e-10f, 1e31f, 1e-38f, float.MaxValue, float.Epsilon,
    ];

    /// <summary>Lengths 0 to 130; no NaN, no infinity.</summary>
    public static Arbitrary<(float[] Scores, float Temperature)> Finite => Rows(Gen.Constant(0f));

    /// <summary>Lengths 0 to 130; NaN, infinities, subnormals and the largest floats among the rest.</summary>
    public static Arbitrary<(float[] Scores, float Temperature)> Any =>
        Rows(Gen.Frequency((9, Gen.Constant(0f)), (1, Gen.Elements(Specials))));

    private static Arbitrary<(float[] Scores, float Temperature)> Rows(Gen<float> special)
    {
        var rows =
            from length in Gen.Choose(0, 130)
            from magnitude in Gen.Elements(1e-42, 1e-30, 0.01, 1.0, 3.0, 30.0, 300.0, 1e4, 1e6, 1e30)
            from offset in Gen.Elements(0.0, 0.0, 1000.0, -1000.0, 1e6)
            from rareSpecials in Gen.Choose(0, 3)
            from seed in Gen.Choose(0, int.MaxValue)
            from specials in special.ArrayOf(length)
            from temperature in Gen.Elements(Temperatures)
            select (Fill(length, magnitude, offset, seed, rareSpecials == 0 ? specials : new float[length]), temperature);
        return Arb.From(rows);
    }

    private static float[] Fill(int length, double magnitude, double offset, int seed, float[] specials)
    {
        var random = new Random(seed);
        var row = new float[length];
        for (var i = 0; i < length; i++)
            row[i] = specials[i] != 0f ? specials[i] : (float)((((random.NextDouble() * 2) - 1) * magnitude) + offset);
        return row;
    }
}
