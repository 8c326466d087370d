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
    public async Task Evaluate_OnARawScore_IsReported(string trainer, string score)
    {
        var reports = await AnalyzedCode.Reports(new EvaluatedRawScoreAnalyzer(), $$"""
            var model = mlContext.MulticlassClassification.Trainers.{{trainer}}.Fit(train);
            var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test){{score}});
            """);
        Assert.Equal([$"MLSM003 mlContext.MulticlassClassification.Evaluate(model.Transform(test){score})"], reports);
    }

    [Theory]
    [InlineData("SdcaMaximumEntropy()", "")]
    [InlineData("LightGbm()", "")]
    [InlineData("OneVersusAll(mlContext.BinaryClassification.Trainers.LinearSvm())", "")]
    [InlineData("SdcaNonCalibrated()", """.Append(mlContext.Transforms.Softmax("Score"))""")]
    public async Task Evaluate_OnAProbability_IsNotReported(string trainer, string softmax)
    {
        var reports = await AnalyzedCode.Reports(new EvaluatedRawScoreAnalyzer(), $$"""
            var model = mlContext.MulticlassClassification.Trainers.{{trainer}}{{softmax}}.Fit(train);
            var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
            """);
        Assert.Empty(reports);
    }

    [Fact]
    public async Task Evaluate_OnTheSoftmaxColumn_IsNotReported()
    {
        var reports = await AnalyzedCode.Reports(new EvaluatedRawScoreAnalyzer(), """
            var softmax = mlContext.Transforms.Softmax("Probability", "Score");
            var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append(softmax);
            var model = pipeline.Fit(train);
            var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test), scoreColumnName: "Probability");
            """);
        Assert.Empty(reports);
    }

    [Fact]
    public async Task Fix_EvaluatesTheSoftmaxColumn()
    {
        var text = await AnalyzedCode.Fixed(new EvaluatedRawScoreAnalyzer(), new EvaluatedRawScoreFix(), """
            var softmax = mlContext.Transforms.Softmax("Probability", "Score");
            var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append(softmax);
            var model = pipeline.Fit(train);
            var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
            """);
        Assert.Equal("""
            var softmax = mlContext.Transforms.Softmax("Probability", "Score");
            var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append(softmax);
            var model = pipeline.Fit(train);
            var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test), scoreColumnName: "Probability");
            """, text);
    }

    [Fact]
    public async Task Fix_WithoutASoftmaxInThePipeline_IsNotOffered()
    {
        Assert.Null(await AnalyzedCode.Fixed(new EvaluatedRawScoreAnalyzer(), new EvaluatedRawScoreFix(), """
            var model = mlContext.MulticlassClassification.Trainers.NaiveBayes().Fit(train);
            var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
            """));
    }
}
