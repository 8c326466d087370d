using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Evaluation;

/// <summary>The rows that an evaluation keeps, and those that it shows: confident mistakes and doubtful answers.</summary>
public class KeptRowsTests
{
    [Fact]
    public void ConfidentMistakes_OfEqualConfidence_AreInTheOrderOfTheirIds()
    {
        var evaluator = new ProbabilityEvaluator(["cat", "dog"]);
        evaluator.Add(new ProbabilityBlock([0.9f, 0.1f, 0.9f, 0.1f, 0.9f, 0.1f], 2, [1, 1, 1]), [7, 3, 5]);
        Assert.Equal([3UL, 5UL, 7UL], evaluator.ToMetrics().ConfidentMistakes.Select(mistake => mistake.RowId));
    }

    [Fact]
    public void ConfidentMistakes_OfManyRows_AreTheSurestWrongAnswers()
    {
        var rows = RandomRows.Draw(3, 1000, 4);
        var expected = rows.Outcomes.Select((outcome, row) => (outcome, row)).Where(entry => !entry.outcome.IsCorrect)
            .OrderByDescending(entry => entry.outcome.TopProbability).ThenBy(entry => entry.row).Take(5).ToArray();
        var metrics = rows.Evaluate(new ProbabilityEvaluationOptions { ConfidentMistakes = 5 });

        Assert.Equal(expected.Select(entry => (ulong)entry.row), metrics.ConfidentMistakes.Select(mistake => mistake.RowId));
        Assert.Equal(expected.Select(entry => entry.outcome.Label), metrics.ConfidentMistakes.Select(mistake => mistake.Label));
        Assert.Empty(rows.Evaluate(new ProbabilityEvaluationOptions { ConfidentMistakes = 0 }).ConfidentMistakes);
    }

    [Fact]
    public void KeptRows_OfOneRow_TakeLittleMemory()
    {
        RowOutcome[] outcomes = [new(0, 0, 0, 1, 1, 1, 0)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var kept = new KeptRows(2);
        kept.Add(outcomes, [7]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2_000);
        Assert.Equal([7UL], kept.Sorted().Ids);
    }

    /// <summary>In one, two or four bytes for each class, whatever their number.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    public void PackedOutcomes_OfAnyNumberOfClasses_AreThoseThatWereWritten(int classCount)
    {
        RowOutcome[] outcomes =
        [
            new(0, 1, classCount - 1, 0.25f, 0.75f, 2, 0.5), new(classCount - 1, 0, 1, 0, 1, 0.5f, 2),
            new(1, classCount - 1, 0, 0.5f, 0.5f, 1, 0.125),
        ];
        var packed = new PackedOutcomes(classCount, 4);
        packed.Write(2, outcomes[1..]);
        packed.Write(1, outcomes[..1]);
        packed.Write(0, outcomes[2..]);
        var read = new RowOutcome[4];
        packed.CopyTo(read);
        Assert.Equal([outcomes[2], outcomes[0], outcomes[1], outcomes[2]], read);
        Assert.Equal(4, packed.Capacity);
    }

    [Fact]
    public void NotableRows_ThatMayHoldNone_HoldNone()
    {
        var (one, none) = (new NotableRows(1, isOfMistakes: false), new NotableRows(0, isOfMistakes: false));
        one.Add([new(0, 0, 0, 0.75f, 0.75f, 1, 0)], [7], []);
        none.Merge(one);
        Assert.Equal([7UL], one.ToArray().Select(row => row.RowId));
        Assert.Empty(none.ToArray());
    }

    /// <summary>At equal confidence by id, by name, by the classes and by the probability of the label, whatever came first.</summary>
    [Fact]
    public void NotableRows_OfEqualConfidence_HaveAnOrder()
    {
        EvaluatedRow[] rows =
        [
            new(1, null, 2, 1, 0.5f, 0.25f), new(2, null, 2, 1, 0.5f, 0.25f), new(2, "a", 2, 1, 0.5f, 0.25f),
            new(2, "b", 0, 2, 0.5f, 0.25f), new(2, "b", 1, 0, 0.5f, 0.25f), new(2, "b", 1, 2, 0.5f, 0.125f), new(2, "b", 1, 2, 0.5f, 0.25f),
        ];
        foreach (var isOfMistakes in new[] { true, false })
        {
            foreach (var seed in Enumerable.Range(0, 20))
            {
                EvaluatedRow[] shuffled = [.. rows];
                new Random(seed).Shuffle(shuffled);
                var notable = new NotableRows(6, isOfMistakes);
                foreach (var row in shuffled)
                {
                    notable.Add(
                        [new(row.Label, row.Predicted, 1, row.LabelProbability, row.Confidence, 1, 0)], [row.RowId],
                        row.RowName is { } name ? [name.AsMemory()] : []);
                }

                Assert.Equal(rows[..6], notable.ToArray());
            }
        }
    }

    [Fact]
    public void DoubtfulRows_OfManyRows_AreTheLeastSureAnswers_RightOrWrong()
    {
        var rows = RandomRows.Draw(3, 1000, 4);
        var expected = rows.Outcomes.Select((outcome, row) => (outcome, row)).OrderBy(entry => entry.outcome.TopProbability).Take(30);
        var metrics = rows.Evaluate(new ProbabilityEvaluationOptions { DoubtfulRows = 30 });

        Assert.Equal(
            expected.Select(entry => new EvaluatedRow(
                (ulong)entry.row, null, entry.outcome.Label, entry.outcome.Predicted, entry.outcome.TopProbability,
                entry.outcome.LabelProbability)),
            metrics.DoubtfulRows);
        Assert.Equal(2, metrics.DoubtfulRows.Select(row => row.Label == row.Predicted).Distinct().Count());
        Assert.Empty(rows.Evaluate(new ProbabilityEvaluationOptions { DoubtfulRows = 0 }).DoubtfulRows);
    }
}
