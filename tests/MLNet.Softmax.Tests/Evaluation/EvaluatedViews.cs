using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Evaluation;

/// <summary>Random rows as data views.</summary>
internal static class EvaluatedViews
{
    /// <summary>The columns Probability and Label, a key without values.</summary>
    public static MemoryView View(this RandomRows rows) =>
        rows.Probabilities().WithKeys("Label", rows.ClassCount, rows.Keys());

    /// <summary>As <see cref="View"/>, and PredictedLabel, which ML.NET's own evaluation asks for.</summary>
    public static MemoryView ViewWithPredictedLabel(this RandomRows rows) => rows.View()
        .WithKeys("PredictedLabel", rows.ClassCount, [.. rows.Outcomes.Select(outcome => (uint)outcome.Predicted + 1)]);

    /// <summary>The column Probability alone.</summary>
    public static MemoryView Probabilities(this RandomRows rows, DataViewSchema.Annotations? classNames = null) => new MemoryView()
        .WithScores("Probability", [rows.ClassCount], [.. Enumerable.Range(0, rows.Count).Select(rows.Row)], classNames);

    public static uint[] Keys(this RandomRows rows) => [.. rows.Labels.Select(label => (uint)label + 1)];

    public static void AssertSameHeadline(ProbabilityMetrics expected, ProbabilityMetrics actual) =>
        Assert.All(Enum.GetValues<HeadlineMetric>(), metric => Assert.Equal(expected[metric], actual[metric], 1e-12));

    public static ProbabilityMetrics Evaluate(IDataView data, ProbabilityEvaluationOptions? options = null) =>
        new MLContext(seed: 1).MulticlassClassification.EvaluateProbabilities(data, options: options);
}
