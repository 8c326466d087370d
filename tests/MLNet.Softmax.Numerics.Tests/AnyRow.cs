namespace MLNet.Softmax.Numerics.Tests;

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
