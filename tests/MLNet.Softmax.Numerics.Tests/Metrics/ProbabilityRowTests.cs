namespace MLNet.Softmax.Numerics.Tests.Metrics;

public class ProbabilityRowTests
{
    [Theory]
    [InlineData(true, .76f, .06f, .17f)] // Two decimals may miss 1 by 3/2 of .01.
    [InlineData(true, .2f, .2f, .2f, .2f)] // One decimal, four values: .25 each before.
    [InlineData(false, .2f, .2f, .2f, .19f)] // Two decimals may miss by .02.
    [InlineData(true, .4f, .4f, .3f)] // .35, .35, .3 before.
    [InlineData(false, .6f, .6f, 0f, 0f, 0f)] // A zero cannot have been rounded up.
    [InlineData(false, .34f, .34f, .34f, 0f)]
    [InlineData(false, .5f, .5f, .3f)]
    [InlineData(true, .2f, .2f, .2f, .2f, .2f, .1f, .1f, .1f, .1f, .1f)] // Half of the whole too much, or too little, is the most.
    [InlineData(true, .1f, .1f, .1f, .1f, .1f, 0f, 0f, 0f, 0f, 0f)]
    [InlineData(true, .991f, 0f)]
    [InlineData(true, .5012f, .3021f, .1882f)]
    [InlineData(false, .5012f, .3021f, .1782f)]
    [InlineData(false, 1f, 1f, 0f)]
    [InlineData(false, 1.5f, -.5f)]
    [InlineData(false, 0f, 0f)]
    [InlineData(false, float.NaN, 1f)]
    [InlineData(false, float.PositiveInfinity, 0f)]
    [InlineData(false)]
    public void IsDistribution_TakesWhatRoundingExplains(bool expected, params float[] row) =>
        Assert.Equal(expected, ProbabilityRow.IsDistribution(row));

    [Theory]
    [InlineData(ProbabilityRowKind.Percentages, 90f, 10f)]
    [InlineData(ProbabilityRowKind.Percentages, 33f, 33f, 33f)]
    [InlineData(ProbabilityRowKind.Percentages, 99.4f, .1f)]
    [InlineData(ProbabilityRowKind.Logits, 60f, 30f)]
    [InlineData(ProbabilityRowKind.Logits, 110f, -10f)]
    [InlineData(ProbabilityRowKind.IndependentProbabilities, .9f, .05f)]
    public void Examine_TellsPercentagesFromLogits(ProbabilityRowKind expected, params float[] row) =>
        Assert.Equal(expected, ProbabilityRow.Examine(row));

    /// <summary>Exact binary fractions around the tolerance, which is 1 % of the sum; no rounding explains so many digits.</summary>
    [Theory]
    [InlineData(ProbabilityRowKind.Probabilities, 0.50390625f, 0.50588135f)] // 1.0098
    [InlineData(ProbabilityRowKind.IndependentProbabilities, 0.50390625f, 0.50628135f)] // 1.0102
    [InlineData(ProbabilityRowKind.Probabilities, 0.49609375f, 0.49410625f)] // 0.9902
    [InlineData(ProbabilityRowKind.IndependentProbabilities, 0.49609375f, 0.49370625f)] // 0.9898
    [InlineData(ProbabilityRowKind.Percentages, 50.390625f, 50.588135f)]
    [InlineData(ProbabilityRowKind.Logits, 50.390625f, 50.628135f)]
    [InlineData(ProbabilityRowKind.Percentages, 49.609375f, 49.410625f)]
    [InlineData(ProbabilityRowKind.Logits, 49.609375f, 49.370625f)]
    [InlineData(ProbabilityRowKind.IndependentProbabilities, 1.01f, 0.5012345f)]
    [InlineData(ProbabilityRowKind.Logits, 1.0100001f, 0.5012345f)]
    [InlineData(ProbabilityRowKind.LogProbabilities, -0.6832968f, -0.6832968f)] // e^-0.6833 is 0.50495.
    [InlineData(ProbabilityRowKind.Logits, -0.682999f, -0.682999f)] // 0.5051.
    [InlineData(ProbabilityRowKind.LogProbabilities, -0.7030974f, -0.7030974f)] // 0.49505
    [InlineData(ProbabilityRowKind.Logits, -0.7033f, -0.7033f)]
    [InlineData(ProbabilityRowKind.LogProbabilities, 0f, -20f)]
    [InlineData(ProbabilityRowKind.NotFinite, float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(ProbabilityRowKind.NotFinite, float.PositiveInfinity, float.NegativeInfinity)]
    [InlineData(ProbabilityRowKind.NotFinite, -1f, float.NegativeInfinity)]
    [InlineData(ProbabilityRowKind.Logits, 0f, -float.Epsilon, 5f)]
    public void Examine_AroundTheTolerance_ChangesItsMindThere(ProbabilityRowKind expected, params float[] row) =>
        Assert.Equal(expected, ProbabilityRow.Examine(row));

    /// <summary>Many equal values of d decimals may each be half a unit of the last decimal too small or too large, and no more.</summary>
    [Theory]
    [InlineData(0.1f, 7, true)]
    [InlineData(0.1f, 6, false)]
    [InlineData(0.01f, 67, true)]
    [InlineData(0.01f, 66, false)]
    [InlineData(0.02f, 66, true)]
    [InlineData(0.02f, 67, false)]
    [InlineData(0.001f, 667, true)]
    [InlineData(0.001f, 666, false)]
    [InlineData(0.001f, 1_499, true)]
    [InlineData(0.001f, 1_501, false)]
    [InlineData(0.000026f, 39_000, true)]
    public void IsDistribution_OfManyRoundedValues_AllowsHalfAUnitOfEach(float value, int count, bool expected) =>
        Assert.Equal(expected, ProbabilityRow.IsDistribution([.. Enumerable.Repeat(value, count)]));

    [Theory]
    [InlineData(1 + 0.9e-5f, false)]
    [InlineData(1 + 1.1e-5f, true)]
    [InlineData(1 - 0.9e-5f, false)]
    [InlineData(1 - 1.1e-5f, true)]
    public void Renormalize_SumAroundOne_IsOnlyChangedBeyondSinglePrecision(float sum, bool isChanged)
    {
        float[] row = [sum - 0.25f, 0.25f];

        Assert.Equal(isChanged ? Math.Abs((double)sum - 1) : 0, ProbabilityRow.Renormalize(row), 1e-7);
        Assert.Equal(!isChanged, ProbabilityRow.IsExact(sum));
        Assert.Equal(isChanged ? 1 : sum, row[0] + row[1], 1e-7);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void IsDistribution_OfProbabilitiesRoundedToSomeDecimals_Holds(int decimals)
    {
        var random = new Random(decimals);
        foreach (var classes in new[] { 2, 3, 5, 10 })
        {
            for (var repeat = 0; repeat < 500; repeat++)
            {
                var weights = Enumerable.Range(0, classes).Select(_ => -Math.Log(1 - random.NextDouble())).ToArray();
                float[] rounded = [.. weights.Select(weight => (float)Math.Round(weight / weights.Sum(), decimals))];
                // Rounded beyond recognition: so many small ones that less than half is left.
                Assert.True(ProbabilityRow.IsDistribution(rounded) || rounded.Sum() < 0.5, string.Join(" ", rounded));
            }
        }
    }

    [Fact]
    public void Renormalize_DividesByTheSumUnlessThatIsOne()
    {
        float[] rounded = [.76f, .06f, .17f], exact = [.5f, .25f, .25f];

        Assert.Equal(.01, ProbabilityRow.Renormalize(rounded), 1e-6);
        Assert.Equal([.76 / .99, .06 / .99, .17 / .99], rounded.Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.Equal(0, ProbabilityRow.Renormalize(exact));
        Assert.Equal([.5f, .25f, .25f], exact);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1_001)]
    [InlineData(32_003)]
    [InlineData(1_000_003)]
    public void Renormalize_ManyEqualProbabilities_AreNotChanged(int classCount)
    {
        float[] row = [.. Enumerable.Repeat(1f / classCount, classCount)];

        Assert.True(ProbabilityRow.IsDistribution(row));
        Assert.Equal(0, ProbabilityRow.Renormalize(row));
        Assert.All(row.Distinct(), value => Assert.Equal(1f / classCount, value));
    }

    [Fact]
    public void IsDistribution_NegativeOrNaNAnywhere_IsFalse()
    {
        foreach (var classCount in (int[])[2, 7, 8, 9, 16, 20])
        {
            for (var index = 0; index < classCount; index++)
            {
                foreach (var value in (float[])[-1e-30f, float.NaN, float.NegativeInfinity, float.PositiveInfinity])
                {
                    float[] row = [.. Enumerable.Repeat(1f / classCount, classCount)];
                    row[index] = value;
                    row[(index + 1) % classCount] += 1f / classCount;

                    Assert.False(ProbabilityRow.IsDistribution(row), string.Join(" ", row));
                }
            }
        }
    }
}
