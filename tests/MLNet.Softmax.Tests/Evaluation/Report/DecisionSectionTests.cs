using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Tests.Calibration;

namespace MLNet.Softmax.Tests.Evaluation.Report;

public class DecisionSectionTests
{
    private readonly MLContext _mlContext = new(1);

    /// <summary>Three classes, a threshold of the second and prediction sets of all, as a report shows them.</summary>
    internal static (ProbabilityMetrics Metrics, ProbabilityReportOptions Options) Sample(
        MLContext mlContext, ThresholdGoal goal, string? positive)
    {
        var data = mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits)
            .FitTransform(CalibrationViews.Drawn(500, 1));
        var (catalog, calibrators) = (mlContext.MulticlassClassification, mlContext.MulticlassClassification.Calibrators);
        var sets = calibrators.PredictionSet(conditional: PredictionSetConditional.PerClass).Fit(data).Transform(data);
        return (catalog.EvaluateProbabilities(data), new()
        {
            Threshold = calibrators.Threshold(goal, positive).Fit(data).Calibration,
            PredictionSets = catalog.EvaluatePredictionSets(sets),
        });
    }

    [Fact]
    public void Report_WithAThreshold_ShowsItsFiguresAndCurves()
    {
        var (metrics, options) = Sample(_mlContext, ThresholdGoal.FBeta(2), "b");
        var page = metrics.Parse(options);
        string[] expected = ["Where to draw the line", "What it costs", "At the chosen threshold", "Prediction sets"];
        Assert.Equal(expected, page.Headings().Intersect(expected));
        var fit = options.Threshold!;
        var point = fit.Curve.Single(one => one.Threshold == fit.Threshold);
        var table = page.Table("At the chosen threshold");
        Assert.StartsWith(fit.After.Value.ToString("F4", null), table[1][2], StringComparison.Ordinal);
        Assert.Equal(["Precision", "Recall", "Coverage"], table.Skip(2).Select(row => row[0]));
        Assert.Equal($"{100 * point.Recall:F1}%", table[3][2]);
        Assert.Contains("\"b\"", page.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Where to draw the line", metrics.Parse().Headings());
    }

    [Fact]
    public void Report_WithASelectiveRisk_ShowsItsBoundAndNoCost()
    {
        var (metrics, options) = Sample(_mlContext, ThresholdGoal.SelectiveRisk(0.3), null);
        var page = metrics.Parse(options);
        Assert.Equal($"{100 * options.Threshold!.RiskBound:F1}%", page.Table("At the chosen threshold")[^1][2]);
        Assert.DoesNotContain("What it costs", page.Headings());
    }

    [Fact]
    public void EvaluatePredictionSets_CountsEachClass()
    {
        ReadOnlyMemory<char>[][] sets =
            [["a".AsMemory()], ["b".AsMemory(), "c".AsMemory()], ["b".AsMemory(), "a".AsMemory(), "c".AsMemory()], [], ["a".AsMemory()]];
        var view = new MemoryView()
            .WithKeys("Label", 3, [1, 1, 2, 2, 0], Labels.KeyValues("a", "b", "c"))
            .WithScores("Probability", [3], [.. Enumerable.Repeat(new[] { 0.5f, 0.3f, 0.2f }, 5)], Labels.SlotNames("a", "b", "c"))
            .With("PredictionSet", new VectorDataViewType(TextDataViewType.Instance),
                [.. sets.Select(set => new VBuffer<ReadOnlyMemory<char>>(set.Length, set))]);
        var metrics = _mlContext.MulticlassClassification.EvaluatePredictionSets(view);
        Assert.Equal((0.5, 1.5, 4), (metrics.Coverage, metrics.MeanSize, metrics.RowsUsed));
        Assert.Equal(new RowsLeftOut(1, 0, 0, 0, 0), metrics.RowsLeftOut);
        Assert.StartsWith("PredictionSetMetrics { Coverage = 0.5, CoverageInterval = ", metrics.ToString(), StringComparison.Ordinal);
        Assert.Equal([("a", 2, 0.5, 1.5), ("b", 2, 0.5, 1.5), ("c", 0, double.NaN, double.NaN)],
            metrics.Classes.Select(one => (one.Name, (int)one.Rows, one.Coverage, one.MeanSize)));
    }
}
