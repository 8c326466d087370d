using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Evaluation;

public class DataViewEvaluationTests
{
    [Fact]
    public void FirstRefusal_OfSeveral_IsThatOfTheLowestRow()
    {
        var refusal = new FirstRefusal();
        refusal.ThrowIfAny();
        Assert.False(refusal.IsBefore(ulong.MaxValue));
        foreach (var row in (ulong[])[5, 7, 3, 4])
            refusal.Add(row, $"row {row}");
        Assert.Equal("row 3", Assert.Throws<InvalidOperationException>(refusal.ThrowIfAny).Message);
        Assert.Equal((false, true), (refusal.IsBefore(3), refusal.IsBefore(4)));

        var last = new FirstRefusal();
        last.Add(ulong.MaxValue, "the last row");
        Assert.Equal("the last row", Assert.Throws<InvalidOperationException>(last.ThrowIfAny).Message);
        last.Add(ulong.MaxValue, "again");
        Assert.Equal("the last row", Assert.Throws<InvalidOperationException>(last.ThrowIfAny).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Evaluate_RowsOrAnErrorOfTheirs_LeavesNoCursorOpen(int threads)
    {
        var rows = RandomRows.Draw(1, 200, 3);
        var options = new ProbabilityEvaluationOptions { MaxDegreeOfParallelism = threads };
        var good = rows.View();
        Assert.Equal(200, EvaluatedViews.Evaluate(good, options).RowsUsed);
        Assert.Equal((0, 200), (good.OpenCursors, good.RowsVisited));
        rows.Probabilities[7] = 40;
        var bad = rows.View();
        Assert.Throws<InvalidOperationException>(() => EvaluatedViews.Evaluate(bad, options));
        Assert.Equal(0, bad.OpenCursors);
        var broken = rows.View().With("Label", TextDataViewType.Instance, new ReadOnlyMemory<char>[1]);
        Assert.Throws<IndexOutOfRangeException>(() => EvaluatedViews.Evaluate(broken, options));
        Assert.Equal(0, broken.OpenCursors);
    }

    [Fact]
    public void Evaluate_WeightsThatCannotCount_AreLeftOutByReason()
    {
        const float Infinity = float.PositiveInfinity;
        float[] weights = [0.5f, float.Epsilon, float.MaxValue, 0, -0f, -1, -float.Epsilon, float.NaN, Infinity, -Infinity];
        var data = new MemoryView().WithScores("Probability", [2], [.. weights.Select(_ => new[] { 0.5f, 0.5f })])
            .WithKeys("Label", 2, [.. weights.Select(_ => 1u)]).With("Weight", NumberDataViewType.Single, weights);
        var metrics = EvaluatedViews.Evaluate(data, new() { ExampleWeightColumnName = "Weight" });
        Assert.Equal((3, new RowsLeftOut(0, 0, 0, InvalidWeight: 5, ZeroWeight: 2)), (metrics.RowsUsed, metrics.RowsLeftOut));
    }

    [Fact]
    public void Evaluate_LabelsThatAreNoClasses_ListsTheFirstFiveOfEach()
    {
        foreach (var (count, listed) in ((int, string)[])[
            (4, "'k0', 'k1', 'k2', 'k3'."), (5, "'k0', 'k1', 'k2', 'k3', 'k4'."), (6, "'k0', 'k1', 'k2', 'k3', 'k4', ..."),
            (9, "'k0', 'k1', 'k2', 'k3', 'k4', ...")])
        {
            string[] labels = [.. Enumerable.Range(0, count).Select(label => $"k{label}"), "k1"];
            var names = Labels.SlotNames([.. Enumerable.Range(0, count).Select(name => $"c{name}")]);
            var data = new MemoryView().WithScores("Probability", [count], [.. labels.Select(_ => new float[count])], names)
                .With("Label", TextDataViewType.Instance, [.. labels.Select(label => label.AsMemory())]);
            Refusal.Of<InvalidOperationException>(() => EvaluatedViews.Evaluate(data, new() { MaxDegreeOfParallelism = 1 }),
                $"{count + 1} with a label that is none of the classes. Labels that are not classes: {listed}",
                $"The classes: {listed.Replace('k', 'c')}");
        }
    }

    [Fact]
    public void Evaluate_KeysThatAreNoClasses_AreListedByTheirNames()
    {
        var data = new MemoryView().WithScores("Probability", [2], [[1, 0], [1, 0]], Labels.SlotNames("cat", "dog"))
            .WithKeys("Label", 3, [1, 3], Labels.KeyValues("yak", "cat", "zebra"));
        Refusal.Of<InvalidOperationException>(
            () => EvaluatedViews.Evaluate(data), "Labels that are not classes: 'yak', 'zebra'. The classes: 'cat', 'dog'.");
        var beyond = new MemoryView().WithScores("Probability", [2], [[1, 0], [1, 0]]).WithKeys("Label", 9, [5, 9]);
        Refusal.Of<InvalidOperationException>(
            () => EvaluatedViews.Evaluate(beyond), "Labels that are not classes: '5', '9'. The classes: '0', '1'.");
    }

    /// <summary>The warnings of the result are also in the log, one by one.</summary>
    [Fact]
    public void Evaluate_Warnings_AreLogged()
    {
        var mlContext = new MLContext(1);
        var log = Labels.LogOf(mlContext);
        var data = new MemoryView().WithScores("Probability", [2], [[.5f, .49f], [0, 1]])
            .WithKeys("Label", 2, [1, 2], Labels.KeyValues("{cat}", "{0}"));
        var metrics = mlContext.MulticlassClassification.EvaluateProbabilities(data);
        Assert.Equal(2, metrics.Warnings.Count);
        Assert.All(metrics.Warnings, warning => Assert.Single(log, message =>
            message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning && message.RawMessage == warning));
        Assert.DoesNotContain(log, message => message.Message.Contains("could not be evaluated", StringComparison.Ordinal));
    }
}
