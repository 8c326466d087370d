namespace MLNet.Softmax.Numerics.Tests.Calibration;

/// <summary>Prediction sets that cover each class as often as promised.</summary>
public sealed class PredictionSetsPerClassTests(ITestOutputHelper output)
{
    [Fact]
    public void PerClass_On200DrawsOfImbalancedRows_CoversEachClassWithinItsBand()
    {
        int[] rowsOfClass = [600, 120, 30];
        const int Draws = 200, TestRows = 20;
        const double Coverage = 0.9;
        foreach (var method in Enum.GetValues<PredictionSetMethod>())
        {
            var (perClass, onAverage) = (new double[3], new double[3]);
            for (var draw = 0; draw < Draws; draw++)
            {
                var random = new Random(draw);
                var options = new PredictionSetOptions { Coverage = Coverage, Method = method, AllowEmpty = true };
                var average = new ConformityScores(3, options);
                options.Conditional = PredictionSetConditional.PerClass;
                var within = new ConformityScores(3, options);
                for (var label = 0; label < 3; label++)
                {
                    for (var row = 0; row < rowsOfClass[label]; row++)
                    {
                        var p = Posterior(random, label, rowsOfClass);
                        average.Add(p, label);
                        within.Add(p, label);
                    }
                }

                var (averageRule, withinRule, classes) = (average.Fit(), within.Fit(), new int[3]);
                for (var row = 0; row < 3 * TestRows; row++)
                {
                    var p = Posterior(random, row % 3, rowsOfClass);
                    foreach (var (rule, covered) in new[] { (averageRule, onAverage), (withinRule, perClass) })
                    {
                        var count = PredictionSets.Apply(p, rule, classes);
                        covered[row % 3] += classes.AsSpan(0, count).Contains(row % 3) ? 1.0 / (Draws * TestRows) : 0;
                    }
                }
            }

            output.WriteLine($"{method}: within classes {string.Join(" ", perClass)}, on average {string.Join(" ", onAverage)}");
            for (var label = 0; label < 3; label++)
            {
                // The coverage of one fit varies as a beta distribution of its rows, that of its test rows as a binomial one.
                var promised = Math.Ceiling((rowsOfClass[label] + 1) * Coverage) / (rowsOfClass[label] + 1);
                var variance = promised * (1 - promised) * ((1.0 / (rowsOfClass[label] + 2)) + (1.0 / TestRows)) / Draws;
                Assert.InRange(perClass[label], promised - (3.2 * Math.Sqrt(variance)), promised + (3.2 * Math.Sqrt(variance)));
            }

            Assert.True(onAverage[2] < 0.8, "The average should hide the rare class here, or the test shows nothing.");
        }
    }

    [Fact]
    public void PerClass_HandMadeRule_TakesEachClassInByItsOwnThreshold()
    {
        var rule = new PredictionSetFit(PredictionSetMethod.Lac, 0.9, 0.9, false, false, 0, 1, 0, 100, RowsLeftOut.None, [0.85, 0.4, 0.75]);
        var classes = new int[3];
        // 1 - p is 0.8, 0.5 and 0.7: the first and the last are within their thresholds, the most probable is not.
        Assert.Equal([2, 0], classes[..PredictionSets.Apply([0.2f, 0.5f, 0.3f], rule, classes)]);
        Assert.Equal([1], classes[..PredictionSets.Apply([0.1f, 0.55f, 0.1f], rule with { ClassThresholds = [0, 0, 0] }, classes)]);
        Refusal.Of<ArgumentException>(() => PredictionSets.Apply([0.5f, 0.5f], rule, classes), "2 probabilities", "3 classes");
    }

    [Fact]
    public void PerClass_TooFewRowsOfAClass_NamesItAndTheNumberNeeded()
    {
        var rows = new ConformityScores(2, new() { Coverage = 0.9, Conditional = PredictionSetConditional.PerClass });
        for (var row = 0; row < 48; row++)
            rows.Add([0.7f, 0.3f], row < 8 ? 1 : 0);
        Refusal.Of<InvalidOperationException>(() => rows.Fit(), "found 8 usable rows of class 1", "at least 9 of each class");
        rows.Add([0.6f, 0.4f], 1, 2);
        var fit = rows.Fit();
        Assert.Equal([1 - 0.7f, 1 - 0.3f], fit.ClassThresholds.Select(threshold => (float)threshold));
    }

    /// <summary>A draw of a class around 0, 1.5 or 3, and what the class frequencies make of it.</summary>
    private static float[] Posterior(Random random, int label, int[] frequencies)
    {
        var x = (1.5 * label) + Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] terms = [.. frequencies.Select((count, k) => count * Math.Exp(-0.5 * Math.Pow(x - (1.5 * k), 2)))];
        return [.. terms.Select(term => (float)(term / terms.Sum()))];
    }
}
