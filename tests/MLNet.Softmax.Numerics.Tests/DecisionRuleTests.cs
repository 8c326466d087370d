namespace MLNet.Softmax.Numerics.Tests;

public class DecisionRuleTests
{
    private const float None = float.NaN;

    [Theory]
    [InlineData(new[] { 0.2f, 0.5f, 0.3f }, 0f, 1)]
    [InlineData(new[] { 0.4f, 0.4f, 0.2f }, 0f, 0)]
    [InlineData(new[] { 0.2f, 0.5f, 0.3f }, 0.5f, 1)]
    [InlineData(new[] { 0.2f, 0.5f, 0.3f }, 0.51f, DecisionRule.Abstain)]
    [InlineData(new[] { 0.2f, None, 0.8f }, 0f, DecisionRule.Abstain)]
    [InlineData(new float[0], 0f, DecisionRule.Abstain)]
    public void MostProbable_Row_GivesTheFirstOfTheHighestOrAbstains(float[] row, float minimumConfidence, int expected) =>
        Assert.Equal(expected, DecisionRule.MostProbable(minimumConfidence).Decide(row));

    [Theory]
    // One positive class: at its threshold or above; else the best of the others, even where it is itself the most probable.
    [InlineData(new[] { 0.8f, None, None }, new[] { 0.8f, 0.15f, 0.05f }, 0)]
    [InlineData(new[] { 0.8f, None, None }, new[] { 0.79f, 0.01f, 0.2f }, 2)]
    [InlineData(new[] { 0.1f, None, None }, new[] { 0.1f, 0.5f, 0.4f }, 0)]
    // Several: 0.5 / 0.5 = 1 is less than 0.3 / 0.2 = 1.5; equal ratios go to the lower index.
    [InlineData(new[] { 0.5f, 0.2f, None }, new[] { 0.5f, 0.3f, 0.2f }, 1)]
    [InlineData(new[] { 0.5f, 0.25f, None }, new[] { 0.5f, 0.25f, 0.25f }, 0)]
    // Every class has a threshold and none is reached.
    [InlineData(new[] { 0.9f, 0.9f, 0.9f }, new[] { 0.5f, 0.3f, 0.2f }, DecisionRule.Abstain)]
    // A threshold of 0 is always reached, and beats every other one, but only with a probability.
    [InlineData(new[] { 0f, 0.5f, None }, new[] { 0.01f, 0.9f, 0.09f }, 0)]
    [InlineData(new[] { 0f, None, None }, new[] { 0f, 0.9f, 0.1f }, 0)]
    [InlineData(new[] { 0f, None, None }, new[] { None, 0.9f, 0.1f }, DecisionRule.Abstain)]
    public void AtThresholds_Row_GivesTheHighestRatioElseTheBestOther(float[] thresholds, float[] row, int expected) =>
        Assert.Equal(expected, DecisionRule.AtThresholds(thresholds).Decide(row));

    [Fact]
    public void ByCosts_Row_GivesTheLeastExpectedCost()
    {
        // To miss a fracture (class 0) costs 10, a false alarm 1, to ask a colleague 0.5.
        var rule = DecisionRule.ByCosts(new float[,] { { 0, 1 }, { 10, 0 }, { 0.5f, 0.5f } });
        Assert.Equal(0, rule.Decide([0.5f, 0.5f])); // 0.5, 5, 0.5: the lower index
        Assert.Equal(1, rule.Decide([0.04f, 0.96f])); // 0.96, 0.4, 0.5
        Assert.Equal(DecisionRule.Abstain, rule.Decide([0.2f, 0.8f])); // 0.8, 2, 0.5
        Assert.Equal(DecisionRule.Abstain, rule.Decide([None, 0.5f]));
    }

    [Fact]
    public void ByCosts_OfTwoClasses_IsAThresholdAtTheShareOfTheFalseAlarm()
    {
        var random = new Random(1);
        foreach (var threshold in new[] { 0.125f, 0.5f, 0.75f })
        {
            // Elkan (2001), equation 2: positive where p reaches falseAlarm / (falseAlarm + miss).
            var byCosts = DecisionRule.ByCosts(new[,] { { 0, threshold }, { 1 - threshold, 0 } });
            var atThreshold = DecisionRule.AtThresholds([threshold, None]);
            // Chow (1970): abstaining at the cost d is a minimum confidence of 1 - d.
            var byRejecting = DecisionRule.ByCosts(new[,] { { 0, 1f }, { 1, 0 }, { threshold / 2, threshold / 2 } });
            var atConfidence = DecisionRule.MostProbable(1 - (threshold / 2));
            for (var i = 0; i <= 1000; i++)
            {
                var p = i == 0 ? threshold : random.NextSingle();
                Assert.Equal(atThreshold.Decide([p, 1 - p]), byCosts.Decide([p, 1 - p]));
                Assert.Equal(atConfidence.Decide([p, 1 - p]), byRejecting.Decide([p, 1 - p]));
            }
        }
    }

    /// <summary>As many classes and actions as fill one vector, or several, or none.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ByCosts_OfAnyNumberOfClasses_IsTheFirstOfTheLeastSums(bool canAbstain)
    {
        var random = new Random(3);
        for (var classCount = 1; classCount <= 20; classCount++)
        {
            // Whole costs and eighths as probabilities: every sum is exact, and many are equal.
            var actions = classCount + (canAbstain ? 1 : 0);
            var costs = new float[actions, classCount];
            foreach (ref var cost in System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref costs[0, 0], costs.Length))
                cost = random.Next(-2, 4);
            for (var repeat = 0; repeat < 100; repeat++)
            {
                float[] row = [.. Enumerable.Range(0, classCount).Select(_ => random.Next(9) / 8f)];
                var minimum = random.Next(5) / 8f;
                double Cost(int action) => Enumerable.Range(0, classCount).Sum(k => (double)costs[action, k] * row[k]);
                var best = Enumerable.Range(0, actions).MinBy(Cost);
                var expected = best < classCount && row[best] >= minimum ? best : DecisionRule.Abstain;
                Assert.Equal(expected, DecisionRule.ByCosts(costs, minimum).Decide(row));
            }
        }
    }

    [Fact]
    public void AnyRule_ClassBelowTheMinimumConfidence_Abstains()
    {
        Assert.Equal(0, DecisionRule.AtThresholds([0.25f, None], 0.3f).Decide([0.3f, 0.7f]));
        Assert.Equal(DecisionRule.Abstain, DecisionRule.AtThresholds([0.25f, None], 0.31f).Decide([0.3f, 0.7f]));
        Assert.Equal(0, DecisionRule.ByCosts(new float[,] { { 0, 1 }, { 9, 0 } }, 0.3f).Decide([0.3f, 0.7f]));
        Assert.Equal(DecisionRule.Abstain, DecisionRule.ByCosts(new float[,] { { 0, 1 }, { 9, 0 } }, 0.31f).Decide([0.3f, 0.7f]));
        Refusal.Of<ArgumentException>(() => DecisionRule.ByCosts(new float[2, 2]).Decide([1, 0, 0]), "3 probabilities", "2 classes");
        Assert.Equal(0, DecisionRule.AtThresholds([]).Decide([1]));
    }

    [Fact]
    public void Rule_BadInput_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => DecisionRule.MostProbable(1.5f), "minimum confidence is 1.5", "from 0 to 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => DecisionRule.AtThresholds([None, -0.1f]), "threshold of class 1 is -0.1");
        Refusal.Of<ArgumentException>(() => DecisionRule.ByCosts(new float[4, 2]), "4 x 2", "one more row for abstaining");
        Refusal.Of<ArgumentException>(() => DecisionRule.ByCosts(new[,] { { 0, 1 }, { None, 0 } }), "costs[1, 0] is NaN");
        Refusal.Of<ArgumentException>(() => DecisionRule.AtThresholds([0.5f, None]).Decide([1]), "1 probabilities", "2 classes");
    }
}
