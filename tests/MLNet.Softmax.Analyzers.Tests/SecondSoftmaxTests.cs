using System.Globalization;

namespace MLNet.Softmax.Analyzers.Tests;

public class SecondSoftmaxTests
{
    [Theory]
    [InlineData("ImageClassification()")]
    [InlineData("SdcaMaximumEntropy()")]
    [InlineData("LbfgsMaximumEntropy()")]
    [InlineData("LightGbm()")]
    [InlineData("OneVersusAll(mlContext.BinaryClassification.Trainers.SdcaLogisticRegression())")]
    [InlineData("OneVersusAll(mlContext.BinaryClassification.Trainers.LinearSvm(), useProbabilities: true)")]
    [InlineData("PairwiseCoupling(mlContext.BinaryClassification.Trainers.SdcaLogisticRegression())")]
    public Task Softmax_ToldLogitsAfterATrainerThatGivesProbabilities_IsReported(string trainer) =>
        AnalyzedCode.Reports<SecondSoftmaxAnalyzer>($$"""
        var pipeline = mlContext.Transforms.CopyColumns("A", "B")
            .Append(mlContext.MulticlassClassification.Trainers.{{trainer}})
            .Append(mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits));
        """, "MLSM001 ScoreKind.Logits");

    [Fact]
    public Task Softmax_OfATrainerInALocalVariable_IsReported() => AnalyzedCode.Reports<SecondSoftmaxAnalyzer>("""
        var trainer = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy();
        var softmax = mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits);
        var pipeline = trainer.Append(softmax);
        """, "MLSM001 ScoreKind.Logits");

    [Theory]
    [InlineData("SdcaMaximumEntropy()", "")]
    [InlineData("SdcaMaximumEntropy()", ", scoreKind: ScoreKind.Probabilities")]
    [InlineData("SdcaNonCalibrated()", ", scoreKind: ScoreKind.Logits")]
    [InlineData("NaiveBayes()", ", scoreKind: ScoreKind.Logits")]
    [InlineData("TextClassification()", ", scoreKind: ScoreKind.Logits")]
    [InlineData("MultilayerPerceptron()", ", scoreKind: ScoreKind.Logits")]
    [InlineData(
        "OneVersusAll(mlContext.BinaryClassification.Trainers.LinearSvm(), useProbabilities: false)", ", scoreKind: ScoreKind.Logits")]
    [InlineData(
        "OneVersusAll(mlContext.BinaryClassification.Trainers.LinearSvm(), useProbabilities: train.CanShuffle)",
        ", scoreKind: ScoreKind.Logits")]
    public Task Softmax_ThatTakesTheScoresForWhatTheyAre_IsNotReported(string trainer, string scoreKind) =>
        AnalyzedCode.Reports<SecondSoftmaxAnalyzer>($$"""
        var pipeline = mlContext.MulticlassClassification.Trainers.{{trainer}}
            .Append(mlContext.Transforms.Softmax("Probability", "Score"{{scoreKind}}));
        """);

    [Fact]
    public Task Softmax_OfALocalVariableThatIsSetTwice_IsNotReported() => AnalyzedCode.Reports<SecondSoftmaxAnalyzer>("""
        IEstimator<ITransformer> trainer = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy();
        trainer = mlContext.MulticlassClassification.Trainers.SdcaNonCalibrated();
        var pipeline = trainer.Append(mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits));
        """);

    [Theory]
    [InlineData("""mlContext.Transforms.Softmax("Probability", "Score")""")]
    [InlineData("""mlContext.MulticlassClassification.Calibrators.Temperature()""")]
    [InlineData("""mlContext.MulticlassClassification.Calibrators.Isotonic(probabilityColumnName: "Probability")""")]
    public Task Softmax_ToldLogitsOfOurOwnProbabilities_IsReported(string stage) => AnalyzedCode.Reports<SecondSoftmaxAnalyzer>($$"""
        var column = "Probability";
        var pipeline = mlContext.MulticlassClassification.Trainers.SdcaNonCalibrated()
            .Append({{stage}})
            .Append(mlContext.Transforms.TopK("Top", "Probability"))
            .Append(mlContext.Transforms.Softmax("Second", column, scoreKind: ScoreKind.Logits))
            .Append(mlContext.Transforms.Softmax(column, scoreKind: ScoreKind.Logits));
        """, "MLSM001 ScoreKind.Logits", "MLSM001 ScoreKind.Logits");

    [Theory]
    [InlineData("""mlContext.Transforms.LogSoftmax("Probability", "Score")""")]
    [InlineData("""mlContext.Transforms.Softmax("Other", "Score")""")]
    [InlineData("""mlContext.Transforms.Softmax(train.ToString(), "Score")""")]
    [InlineData("""mlContext.MulticlassClassification.Calibrators.Temperature(probabilityColumnName: "Other")""")]
    public Task Softmax_OfAColumnThatIsNotKnownToHoldProbabilities_IsNotReported(string stage) =>
        AnalyzedCode.Reports<SecondSoftmaxAnalyzer>($$"""
        var pipeline = mlContext.MulticlassClassification.Trainers.SdcaNonCalibrated()
            .Append({{stage}})
            .Append(mlContext.Transforms.Softmax("Second", "Probability", scoreKind: ScoreKind.Logits));
        """);

    [Fact]
    public Task Softmax_OfTheTrainersScoreAfterAnotherSoftmax_IsReported() => AnalyzedCode.Reports<SecondSoftmaxAnalyzer>("""
        var pipeline = mlContext.MulticlassClassification.Trainers.ImageClassification(scoreColumnName: "Photo")
            .Append(mlContext.Transforms.Softmax("Probability", "Photo"))
            .Append(mlContext.Transforms.Softmax("Second", "Photo", scoreKind: ScoreKind.Logits));
        """, "MLSM001 ScoreKind.Logits");

    [Theory]
    [InlineData("SdcaMaximumEntropy()", "\"Score\", null", true)]
    [InlineData("SdcaMaximumEntropy()", "\"Score\"", true)]
    [InlineData("SdcaMaximumEntropy()", "\"Score\", \"Other\"", false)]
    [InlineData("SdcaMaximumEntropy()", "\"Other\", null", false)]
    [InlineData("NaiveBayes()", "\"Score\", null", false)]
    public Task Softmax_InPlace_IsReportedAfterProbabilities(string trainer, string columns, bool isReported) =>
        AnalyzedCode.Reports<SecondSoftmaxAnalyzer>($$"""
        var pipeline = mlContext.MulticlassClassification.Trainers.{{trainer}}
            .Append(mlContext.Transforms.Softmax({{columns}}, scoreKind: ScoreKind.Logits));
        """, isReported ? ["MLSM001 ScoreKind.Logits"] : []);

    /// <summary>Chains inside a chain, a checkpoint, and extension methods called as what they are.</summary>
    [Theory]
    [InlineData("{0}.Append({1}.Append({2}))", true)]
    [InlineData("{1}.Append({0}).Append({2})", true)]
    [InlineData("{1}.Append({0}.Append({1})).Append({2})", true)]
    [InlineData("{1}.Append({0}).AppendCacheCheckpoint(mlContext).Append({2})", true)]
    [InlineData("LearningPipelineExtensions.Append({0}, {2})", true)]
    [InlineData("{0}.Append({2}).Append({1})", true)]
    [InlineData("{1}.Append({2}).Append({0})", false)]
    [InlineData("{1}.Append({2})", false)]
    public Task Softmax_AnywhereInAPipeline_IsReportedAfterProbabilities(string pipeline, bool isReported) =>
        AnalyzedCode.Reports<SecondSoftmaxAnalyzer>($"var pipeline = {string.Format(
            CultureInfo.InvariantCulture, pipeline, "mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()",
            "mlContext.Transforms.CopyColumns(\"A\", \"B\")",
            "mlContext.Transforms.LogSoftmax(\"Second\", \"Score\", scoreKind: ScoreKind.Logits)")};",
            isReported ? ["MLSM001 ScoreKind.Logits"] : []);

    [Fact]
    public Task Fix_OfAnArgumentWithoutAName_SaysProbabilities() => AnalyzedCode.Fixes<SecondSoftmaxAnalyzer>(new SecondSoftmaxFix(), """
        var pipeline = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()
            .Append(mlContext.Transforms.Softmax("Probability", "Score", 2f, /* raw */ ScoreKind.Logits /* ? */));
        """, """
        var pipeline = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()
            .Append(mlContext.Transforms.Softmax("Probability", "Score", 2f, /* raw */ ScoreKind.Probabilities /* ? */));
        """);

    [Fact]
    public Task Fix_SaysProbabilities() => AnalyzedCode.Fixes<SecondSoftmaxAnalyzer>(new SecondSoftmaxFix(), """
        var pipeline = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()
            .Append(mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits));
        """, """
        var pipeline = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()
            .Append(mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Probabilities));
        """);
}
