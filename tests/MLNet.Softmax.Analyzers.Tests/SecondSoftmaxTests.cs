namespace MLNet.Softmax.Analyzers.Tests;

public class SecondSoftmaxTests
{
    [Theory]
    [InlineData("ImageClassification")]
    [InlineData("SdcaMaximumEntropy")]
    [InlineData("LbfgsMaximumEntropy")]
    public async Task Softmax_ToldLogitsAfterATrainerThatGivesProbabilities_IsReported(string trainer)
    {
        var reports = await AnalyzedCode.Reports(new SecondSoftmaxAnalyzer(), $$"""
            var pipeline = mlContext.Transforms.CopyColumns("A", "B")
                .Append(mlContext.MulticlassClassification.Trainers.{{trainer}}())
                .Append(mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits));
            """);
        Assert.Equal(["MLSM001 ScoreKind.Logits"], reports);
    }

    [Fact]
    public async Task Softmax_OfATrainerInALocalVariable_IsReported()
    {
        var reports = await AnalyzedCode.Reports(new SecondSoftmaxAnalyzer(), """
            var trainer = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy();
            var softmax = mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits);
            var pipeline = trainer.Append(softmax);
            """);
        Assert.Equal(["MLSM001 ScoreKind.Logits"], reports);
    }

    [Theory]
    [InlineData("SdcaMaximumEntropy", "")]
    [InlineData("SdcaMaximumEntropy", ", scoreKind: ScoreKind.Probabilities")]
    [InlineData("SdcaNonCalibrated", ", scoreKind: ScoreKind.Logits")]
    [InlineData("NaiveBayes", ", scoreKind: ScoreKind.Logits")]
    public async Task Softmax_ThatTakesTheScoresForWhatTheyAre_IsNotReported(string trainer, string scoreKind)
    {
        var reports = await AnalyzedCode.Reports(new SecondSoftmaxAnalyzer(), $$"""
            var pipeline = mlContext.MulticlassClassification.Trainers.{{trainer}}()
                .Append(mlContext.Transforms.Softmax("Probability", "Score"{{scoreKind}}));
            """);
        Assert.Empty(reports);
    }

    [Fact]
    public async Task Softmax_OfALocalVariableThatIsSetTwice_IsNotReported()
    {
        var reports = await AnalyzedCode.Reports(new SecondSoftmaxAnalyzer(), """
            var trainer = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy();
            trainer = mlContext.MulticlassClassification.Trainers.SdcaNonCalibrated();
            var pipeline = trainer.Append(mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits));
            """);
        Assert.Empty(reports);
    }

    [Fact]
    public async Task Fix_SaysProbabilities()
    {
        var text = await AnalyzedCode.Fixed(new SecondSoftmaxAnalyzer(), new SecondSoftmaxFix(), """
            var pipeline = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()
                .Append(mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits));
            """);
        Assert.Equal("""
            var pipeline = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()
                .Append(mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Probabilities));
            """, text);
    }
}
