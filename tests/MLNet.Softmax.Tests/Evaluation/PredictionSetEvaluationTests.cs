namespace MLNet.Softmax.Tests.Evaluation;

public class PredictionSetEvaluationTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    private readonly MulticlassClassificationCatalog _catalog = new MLContext(1).MulticlassClassification;

    [Fact]
    public void EvaluatePredictionSets_CountsByHand()
    {
        var metrics = _catalog.EvaluatePredictionSets(View(
            ("a", ["a"]), ("a", ["b", "a"]), ("a", []), ("b", ["a", "b", "c"]), ("b", ["c"]), ("", ["a"]), ("d", ["a"]), ("d", ["d"])));

        // Five rows with a label: three sets hold it, and the sets have 1 + 2 + 0 + 3 + 1 labels.
        Assert.Equal((5, 3.0 / 5, 7.0 / 5), (metrics.RowsUsed, metrics.Coverage, metrics.MeanSize));
        Assert.Equal(ConfidenceInterval.OfShare(3.0 / 5, 5), metrics.CoverageInterval);
        Assert.Equal(new RowsLeftOut(1, 2, 0, 0, 0), metrics.RowsLeftOut);
        Assert.Equal(
            [("a", 3, 2.0 / 3, 1.0), ("b", 2, 1.0 / 2, 2.0), ("c", 0, double.NaN, double.NaN)],
            metrics.Classes.Select(one => (one.Name, (int)one.Rows, one.Coverage, one.MeanSize)));
        Assert.Equal(ConfidenceInterval.OfShare(2.0 / 3, 3), metrics.Classes[0].CoverageInterval);
    }

    [Fact]
    public void EvaluatePredictionSets_BadInput_IsRefused()
    {
        var data = View(("a", ["a"]));
        Refusal.Of<ArgumentOutOfRangeException>(
            () => _catalog.EvaluatePredictionSets(data, predictionSetColumnName: "Label"),
            "Column 'Label' is String, but a vector of text is expected.");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => _catalog.EvaluatePredictionSets(data, predictionSetColumnName: "Probability"), "a vector of text is expected.");
        Refusal.Of<InvalidOperationException>(
            () => _catalog.EvaluatePredictionSets(View(("d", ["a"]), ("", ["a"]))),
            "No row of column 'Label' has a label that is one of the classes.");
        var fromOne = data.With("Label", NumberDataViewType.Single, [3f]);
        Refusal.Of<InvalidOperationException>(() => _catalog.EvaluatePredictionSets(fromOne), "from 0 or from 1");
    }

    private static MemoryView View(params (string Label, string[] Set)[] rows) => new MemoryView()
        .WithScores("Probability", [3], [.. rows.Select(_ => new float[3])], Labels.SlotNames(Names))
        .With("Label", TextDataViewType.Instance, [.. rows.Select(row => row.Label.AsMemory())])
        .With("PredictionSet", new VectorDataViewType(TextDataViewType.Instance), [.. rows.Select(row =>
            new VBuffer<ReadOnlyMemory<char>>(row.Set.Length, [.. row.Set.Select(name => name.AsMemory())]))]);
}
