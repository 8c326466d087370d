namespace MLNet.Softmax.Analyzers.Tests;

public class EvaluatedRawScoreTests
{
    [Theory]
    [InlineData("SdcaNonCalibrated()", "")]
    [InlineData("NaiveBayes()", "")]
    [InlineData("NaiveBayes()", """, scoreColumnName: "Score" """)]
    [InlineData("TextClassification()", "")]
    [InlineData("MultilayerPerceptron()", "")]
    [InlineData("OneVersusAll(mlContext.BinaryClassification.Trainers.LinearSvm(), useProbabilities: false)", "")]
    public Task Evaluate_OnARawScore_IsReported(string trainer, string score) => AnalyzedCode.Reports<EvaluatedRawScoreAnalyzer>($$"""
        var model = mlContext.MulticlassClassification.Trainers.{{trainer}}.Fit(train);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test){{score}});
        """, $"MLSM003 mlContext.MulticlassClassification.Evaluate(model.Transform(test){score})");

    [Theory]
    [InlineData("SdcaMaximumEntropy()", "")]
    [InlineData("LightGbm()", "")]
    [InlineData("OneVersusAll(mlContext.BinaryClassification.Trainers.LinearSvm())", "")]
    [InlineData("SdcaNonCalibrated()", """.Append(mlContext.Transforms.Softmax("Score"))""")]
    public Task Evaluate_OnAProbability_IsNotReported(string trainer, string softmax) =>
        AnalyzedCode.Reports<EvaluatedRawScoreAnalyzer>($$"""
        var model = mlContext.MulticlassClassification.Trainers.{{trainer}}{{softmax}}.Fit(train);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
        """);

    [Fact]
    public Task Evaluate_OnTheSoftmaxColumn_IsNotReported() => AnalyzedCode.Reports<EvaluatedRawScoreAnalyzer>("""
        var softmax = mlContext.Transforms.Softmax("Probability", "Score");
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append(softmax);
        var model = pipeline.Fit(train);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test), scoreColumnName: "Probability");
        """);

    [Theory]
    [InlineData("", """, scoreColumnName: "Probability" """)]
    [InlineData(""", scoreColumnName: "Score" """, """, scoreColumnName: "Probability" """)]
    [InlineData(""", "Label", "Score", "PredictedLabel" """, """, "Label", "Probability", "PredictedLabel" """)]
    [InlineData(""", labelColumnName: "Label" """, """, labelColumnName: "Label", scoreColumnName: "Probability" """)]
    public Task Fix_EvaluatesTheSoftmaxColumn(string before, string after) =>
        AnalyzedCode.Fixes<EvaluatedRawScoreAnalyzer>(new EvaluatedRawScoreFix(), $$"""
        var softmax = mlContext.Transforms.Softmax("Probability", "Score");
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append(softmax);
        var model = pipeline.Fit(train);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test){{before.TrimEnd()}});
        """, $$"""
        var softmax = mlContext.Transforms.Softmax("Probability", "Score");
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append(softmax);
        var model = pipeline.Fit(train);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test){{after.TrimEnd()}});
        """);

    [Fact]
    public Task Fix_WithoutASoftmaxInThePipeline_IsNotOffered() =>
        AnalyzedCode.Fixes<EvaluatedRawScoreAnalyzer>(new EvaluatedRawScoreFix(), """
        var model = mlContext.MulticlassClassification.Trainers.NaiveBayes().Fit(train);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
        """, null);
}
