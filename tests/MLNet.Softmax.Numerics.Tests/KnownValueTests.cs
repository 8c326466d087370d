namespace MLNet.Softmax.Numerics.Tests;

/// <summary>Values anybody can look up or work out by hand.</summary>
public class KnownValueTests
{
    private static readonly double[] OneTwoThree = [0.09003057317038046, 0.24472847105479764, 0.6652409557748218];

    [Theory]
    [InlineData(1f, 2f, 3f)]
    [InlineData(1000f, 1001f, 1002f)]
    [InlineData(-1002f, -1001f, -1000f)]
    [InlineData(1e6f, 1e6f + 1, 1e6f + 2)]
    public void Softmax_ThreeScoresOneApart_IsTheSameWhereverTheyAre(params float[] scores)
    {
        var actual = new float[3];
        Softmax.Compute(scores, actual);
        Compare.Relative(OneTwoThree, actual);
    }

    [Fact]
    public void LogSoftmax_OneTwoThreeAndOneClass_IsTheLogarithm()
    {
        var actual = new float[3];
        LogSoftmax.Compute([42f], actual);
        Assert.Equal(0f, actual[0]);
        LogSoftmax.Compute([1f, 2f, 3f], actual);
        Compare.RelativeOrAbsolute([-2.4076059644443806, -1.4076059644443804, -0.4076059644443804], actual);
    }

    [Fact]
    public void LogSumExp_OfTwoThousands_DoesNotOverflow() => Assert.Equal(1000.6931471805599, LogSumExp.Compute([1000f, 1000f]), 1e-4);

    [Fact]
    public void Softmax_Temperature_SharpensBelowOneAndFlattensAbove()
    {
        var actual = new float[2];
        Softmax.Compute([0f, 1f], actual, 0.5f);
        Assert.Equal(0.8807970779778823, actual[1], 1e-7);
        Softmax.Compute([0f, 1f], actual, 2f);
        Assert.Equal(0.6224593312018546, actual[1], 1e-7);
    }

    [Theory]
    [InlineData(new[] { 1f, float.NaN, 3f }, new[] { float.NaN, float.NaN, float.NaN })]
    [InlineData(new[] { 1f, float.PositiveInfinity, 3f }, new[] { float.NaN, float.NaN, float.NaN })]
    [InlineData(new[] { 7f, float.NegativeInfinity, float.NegativeInfinity }, new[] { 1f, 0f, 0f })]
    [InlineData(new[] { float.NegativeInfinity, float.NegativeInfinity }, new[] { float.NaN, float.NaN })]
    [InlineData(new[] { -123f }, new[] { 1f })]
    [InlineData(new float[0], new float[0])]
    [InlineData(new[] { float.MaxValue, float.MinValue, float.MaxValue }, new[] { 0.5f, 0f, 0.5f })]
    public void Softmax_NaNInfinitiesOneClassNoClassAndLargestFloats_AreExact(float[] scores, float[] expected)
    {
        foreach (var kernels in Paths.All)
        {
            var actual = new float[scores.Length];
            Softmax.Compute(kernels, scores, actual, 1f);
            Assert.Equal(expected, actual);
            Softmax.Rows(kernels, scores, scores.Length, actual, 1f, 1);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Softmax_DestinationLongerThanRow_LeavesTheRestAlone()
    {
        float[] destination = [9f, 9f, 9f];
        Softmax.Compute([1f, 1f], destination);
        Assert.Equal([0.5f, 0.5f, 9f], destination);
    }

    [Fact]
    public void LogSumExp_SpecialValues_AreThoseOfPyTorch()
    {
        Assert.Equal(float.NegativeInfinity, LogSumExp.Compute([]));
        Assert.Equal(float.NegativeInfinity, LogSumExp.Compute([float.NegativeInfinity]));
        Assert.Equal(float.PositiveInfinity, LogSumExp.Compute([1f, float.PositiveInfinity]));
        Assert.True(float.IsNaN(LogSumExp.Compute([float.PositiveInfinity, float.NaN])));
    }

    [Fact]
    public void MaxArgMaxAndSoftmax_OfFiveClasses_TellLessAndMore()
    {
        float[] scores = [-1f, 0f, 3f, 5f, 1f];
        var oneHot = new float[5];
        var probabilities = new float[5];
        ArgMax.OneHot(scores, oneHot);
        Softmax.Compute(scores, probabilities);
        Assert.Equal(5f, Max.Compute(scores));
        Assert.Equal(3, ArgMax.Compute(scores));
        Assert.Equal([0f, 0f, 0f, 1f, 0f], oneHot);
        Compare.Relative([0.00213158586, 0.0057942511, 0.116380645, 0.859943111, 0.0157504075], probabilities);
    }

    [Fact]
    public void ArgMax_TiesNaNAndEmpty_FollowTheOrderOfTopK()
    {
        Assert.Equal(1, ArgMax.Compute([1f, 2f, 2f]));
        Assert.Equal(0, ArgMax.Compute([-0f, 0f]));
        Assert.Equal(1, ArgMax.Compute([float.NaN, float.NegativeInfinity]));
        Assert.Equal(0, ArgMax.Compute([float.NaN, float.NaN]));
        Assert.Equal(-1, ArgMax.Compute([]));
        Assert.Equal(float.NegativeInfinity, Max.Compute([]));
        Assert.True(float.IsNaN(Max.Compute([float.NaN])));
    }

    [Fact]
    public void ToLogits_ZeroAndBelow_BecomeTheLogarithmOfTheSmallestNormalFloat()
    {
        var logits = new float[4];
        Probabilities.ToLogits([1f, 0f, -1f, float.NaN], logits);
        Assert.Equal([0f, -87.33655f, -87.33655f, float.NaN], logits);
    }
}
