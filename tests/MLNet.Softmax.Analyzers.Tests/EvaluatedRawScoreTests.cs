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
    [InlineData("test")]
    [InlineData("test, scoreColumnName: train.ToString()")]
    [InlineData("model.Transform(test), scoreColumnName: train.ToString()")]
    [InlineData("mlContext.Transforms.CopyColumns(\"Score\", \"A\").Fit(train).Transform(test)")]
    public Task Evaluate_OnAScoreOfUnknownOrigin_IsNotReported(string arguments) => AnalyzedCode.Reports<EvaluatedRawScoreAnalyzer>($$"""
        var model = mlContext.MulticlassClassification.Trainers.NaiveBayes().Fit(train);
        var metrics = mlContext.MulticlassClassification.Evaluate({{arguments}});
        """);

    [Fact]
    public Task Evaluate_OfTheTrainerThatComesLast_DependsOnItAlone() => AnalyzedCode.Reports<EvaluatedRawScoreAnalyzer>("""
        var trainers = mlContext.MulticlassClassification.Trainers;
        var first = trainers.NaiveBayes().Append(trainers.SdcaMaximumEntropy()).Fit(train).Transform(test);
        var second = trainers.SdcaMaximumEntropy().Append(trainers.NaiveBayes()).Fit(train).Transform(test);
        var metrics = mlContext.MulticlassClassification.Evaluate(first);
        var others = mlContext.MulticlassClassification.Evaluate(second);
        """, "MLSM003 mlContext.MulticlassClassification.Evaluate(second)");

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

    /// <summary>The call is the whole argument of another call.</summary>
    [Fact]
    public Task Fix_InsideAnotherCall_ChangesTheEvaluation() =>
        AnalyzedCode.Fixes<EvaluatedRawScoreAnalyzer>(new EvaluatedRawScoreFix(), """
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append(mlContext.Transforms.Softmax("P", "Score"));
        var model = pipeline.Fit(train);
        System.Console.WriteLine(mlContext.MulticlassClassification.Evaluate(model.Transform(test)));
        """, """
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append(mlContext.Transforms.Softmax("P", "Score"));
        var model = pipeline.Fit(train);
        System.Console.WriteLine(mlContext.MulticlassClassification.Evaluate(model.Transform(test), scoreColumnName: "P"));
        """);

    [Fact]
    public Task Fix_WithoutASoftmaxInThePipeline_IsNotOffered() =>
        AnalyzedCode.Fixes<EvaluatedRawScoreAnalyzer>(new EvaluatedRawScoreFix(), """
        var model = mlContext.MulticlassClassification.Trainers.NaiveBayes().Fit(train);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
        """, null);

    [Theory]
    [InlineData("""LogSoftmax("L", "Score")""", null)]
    [InlineData("""Softmax(train.ToString(), "Score")""", null)]
    [InlineData("""Softmax("P", "Score")).Append(mlContext.Transforms.LogSoftmax("L", "Score")""", "P")]
    public Task Fix_NeedsTheColumnOfASoftmax(string steps, string? column)
    {
        var before = $$"""
            var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append(mlContext.Transforms.{{steps}});
            var metrics = mlContext.MulticlassClassification.Evaluate(pipeline.Fit(train).Transform(test));
            """;
        var after = before.Replace("(test));", $"(test), scoreColumnName: \"{column}\");", StringComparison.Ordinal);
        return AnalyzedCode.Fixes<EvaluatedRawScoreAnalyzer>(new EvaluatedRawScoreFix(), before, column is null ? null : after);
    }
}
