namespace MLNet.Softmax.Numerics.Tests.Calibration;

/// <summary>Prediction sets of random rows, straight from the definition of their scores.</summary>
public sealed class PredictionSetOracleTests
{
    public static TheoryData<PredictionSetMethod, bool, int> Methods => new()
    {
        { PredictionSetMethod.Lac, false, 1 }, { PredictionSetMethod.Aps, false, 1 }, { PredictionSetMethod.Raps, false, 0 },
        { PredictionSetMethod.Raps, false, 2 }, { PredictionSetMethod.Aps, true, 1 }, { PredictionSetMethod.Raps, true, 1 },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void FitAndApply_OfRandomRows_FollowTheDefinition(PredictionSetMethod method, bool randomized, int unpenalized)
    {
        const int ClassCount = 5;
        var table = Metrics.PredictionTable.Random(3, 200, ClassCount, steps: 64);
        foreach (var conditional in Enum.GetValues<PredictionSetConditional>())
        {
            var options = new PredictionSetOptions
            {
                Method = method,
                Randomized = randomized,
                UnpenalizedRanks = unpenalized,
                RankPenalty = 0.125,
                Coverage = 0.8,
                Seed = 3,
                Conditional = conditional,
            };
            var rule = PredictionSets.Fit(table.Probabilities, table.Labels, ClassCount, options);
            double[][] scores = [.. Enumerable.Range(0, 200).Select(row => Scores(table.Row(row), options))];
            var ofTruth = scores.Select((row, index) => row[table.Labels[index]]).ToArray();
            double[] thresholds = conditional == PredictionSetConditional.OnAverage
                ? [.. Enumerable.Repeat(Quantile(ofTruth), ClassCount)]
                : [.. Enumerable.Range(0, ClassCount).Select(k => Quantile([.. ofTruth.Where((_, row) => table.Labels[row] == k)]))];

            Assert.Equal(thresholds.Max(), rule.Threshold, 1e-12);
            Assert.Equal(
                (method, 0.8, randomized, 3, unpenalized, 200L, method == PredictionSetMethod.Raps ? 0.125 : 0),
                (rule.Method, rule.Coverage, rule.Randomized, rule.Seed, rule.UnpenalizedRanks, rule.RowsUsed, rule.RankPenalty));
            var classes = new int[ClassCount];
            // Thresholds are scores of rows. Leave out rows whose score differs from one only by rounding.
            for (var row = 0; row < 200; row++)
            {
                if (scores[row].Where((score, k) => Math.Abs(score - thresholds[k]) < 1e-9).Any())
                    continue;
                var ranking = Metrics.Naive.Ranking(table, row);
                int[] expected = [.. ranking.Where(k => scores[row][k] <= thresholds[k])];
                Assert.Equal(expected, classes[..PredictionSets.Apply(table.Row(row), rule with { AllowEmpty = true }, classes)]);
                Assert.Equal(
                    expected.DefaultIfEmpty(ranking[0]), classes[..PredictionSets.Apply(table.Row(row), rule, classes)]);
            }
        }

        // The ceil((n + 1) x 0.8)-th smallest.
        static double Quantile(double[] scores) => scores.Order().ElementAt((((scores.Length + 1) * 8) + 9) / 10 - 1);
    }

    /// <summary>The ceil((n + 1) c)-th smallest score in whole numbers; n rows are enough if that is not more than n.</summary>
    [Fact]
    public void Fit_OfAnyNumberOfRows_TakesTheRankOfTheFormula()
    {
        foreach (var percent in (int[])[50, 80, 90, 95])
        {
            for (var count = 1; count <= 45; count++)
            {
                var scores = new ConformityScores(2, new() { Coverage = percent / 100.0, MinimumRows = 1 });
                // In another order than their scores, which are 1/64, 2/64, ...
                for (var row = 0; row < count; row++)
                {
                    var p = 1 - ((((row * 7) % 46 % count) + 1) / 64f);
                    scores.Add([p, 1 - p], 0);
                }

                var sorted = Enumerable.Range(0, count).Select(row => (((row * 7) % 46 % count) + 1) / 64.0).Order().ToArray();
                var rank = (((count + 1) * percent) + 99) / 100;
                if (rank <= count)
                    Assert.Equal(sorted[rank - 1], scores.Fit().Threshold, 1e-12);
                else
                    Assert.Contains(
                        $"found {count} usable rows and need at least {percent / (100 - percent)} ",
                        Assert.Throws<InvalidOperationException>(() => scores.Fit()).Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>The chance is a hash of the row and the seed, which saved models rely on: these are computed with Python.</summary>
    [Theory]
    [InlineData(new[] { 0.5f, 0.25f, 0.25f }, 0, 0.3957987540314776)]
    [InlineData(new[] { 0.5f, 0.25f, 0.25f }, 1, 0.3786624786504209)]
    [InlineData(new[] { 0.5f, 0.25f, 0.25f }, -1, 0.9287996567840769)]
    [InlineData(new[] { 0.25f, 0.5f, 0.25f }, 0, 0.4397169144396492)]
    [InlineData(new[] { 1f }, 7, 0.14031199173036457)]
    [InlineData(new[] { 0.125f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f }, 12345, 0.5086610821632861)]
    public void Score_Randomized_DependsOnTheHashOfTheRow(float[] row, int seed, double chance)
    {
        var rule = new PredictionSetFit(PredictionSetMethod.Aps, 0.9, 0.5, true, true, 0, 1, seed, 100, RowsLeftOut.None);
        var top = ArgMax.Compute(row);

        Assert.Equal(chance * row[top], new ConformityRanking(row, new ulong[row.Length]).ScoreOf(top, rule), 1e-15);
    }

    private static double[] Scores(float[] row, PredictionSetOptions options)
    {
        var ranking = Enumerable.Range(0, row.Length).OrderByDescending(k => row[k]).ThenBy(k => k).ToArray();
        // The chance is what the score of the first class says.
        var rule = new PredictionSetFit(
            PredictionSetMethod.Aps, 0.9, 0.5, options.Randomized, true, 0, 1, options.Seed, 100, RowsLeftOut.None);
        var first = new ConformityRanking(row, new ulong[row.Length]).ScoreOf(ranking[0], rule);
        var chance = first * row.Sum(p => (double)p) / row[ranking[0]];
        var scores = new double[row.Length];
        var before = 0.0;
        for (var rank = 1; rank <= row.Length; rank++)
        {
            var k = ranking[rank - 1];
            var penalty = options.Method == PredictionSetMethod.Raps ? options.RankPenalty : 0;
            scores[k] = options.Method == PredictionSetMethod.Lac ? 1 - (double)row[k]
                : before + (chance * row[k]) + (penalty * Math.Max(0, rank - options.UnpenalizedRanks));
            before += row[k];
        }

        return scores;
    }
}
