using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Evaluation;

/// <summary>Random distributions, somewhat inclined towards their labels.</summary>
internal sealed record RandomRows(int ClassCount, float[] Probabilities, int[] Labels)
{
    public static string[] ClassNames { get; } = ["cat", "dog", "emu", "fox"];

    public ProbabilityBlock Block => new(Probabilities, ClassCount, Labels);

    public int Count => Labels.Length;

    public RowOutcome[] Outcomes => RowOutcome.Of(Block);

    public double[] Headline => HeadlineMetrics.Compute(Outcomes, ClassCount, BinLayout.Default);

    public float[] Row(int row) => Probabilities[(row * ClassCount)..((row + 1) * ClassCount)];

    public ProbabilityMetrics Evaluate(ProbabilityEvaluationOptions? options = null)
    {
        var evaluator = new ProbabilityEvaluator(ClassNames[..ClassCount], options);
        evaluator.Add(Block);
        return evaluator.ToMetrics();
    }

    /// <summary>Softmax of normal scores, the label's raised by one, times a sharpness that makes the rows overconfident above 1.</summary>
    public static RandomRows Draw(int seed, int count, int classCount, float sharpness = 1.5f)
    {
        var random = new Random(seed);
        var scores = new float[count * classCount];
        var labels = new int[count];
        for (var row = 0; row < count; row++)
        {
            labels[row] = random.Next(classCount);
            for (var index = 0; index < classCount; index++)
            {
                var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                scores[(row * classCount) + index] = sharpness * (float)(normal + (index == labels[row] ? 1 : 0));
            }
        }

        var probabilities = new float[scores.Length];
        Numerics.Softmax.Rows(scores, classCount, probabilities);
        return new(classCount, probabilities, labels);
    }
}

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
