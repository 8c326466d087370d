namespace MLNet.Softmax.Analyzers.Tests;

public class CalibratedOnTrainingRowsTests
{
    [Fact]
    public async Task Calibrator_FittedOnTheTrainersRows_IsReported()
    {
        var reports = await AnalyzedCode.Reports(new CalibratedOnTrainingRowsAnalyzer(), """
            var trained = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy().Fit(train);
            var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(trained.Transform(train));
            """);
        Assert.Equal(["MLSM002 trained.Transform(train)"], reports);
    }

    [Fact]
    public async Task Calibrator_FittedOnTheTrainersRowsThroughLocals_IsReported()
    {
        var reports = await AnalyzedCode.Reports(new CalibratedOnTrainingRowsAnalyzer(), """
            var trained = mlContext.MulticlassClassification.Trainers.NaiveBayes().Fit(train);
            var scored = trained.Transform(train);
            var calibrators = mlContext.MulticlassClassification.Calibrators;
            var calibrator = calibrators.VectorScaling();
            var fitted = calibrator.Fit(scored);
            """);
        Assert.Equal(["MLSM002 scored"], reports);
    }

    [Fact]
    public async Task Calibrator_AppendedToItsTrainersPipeline_IsReported()
    {
        var reports = await AnalyzedCode.Reports(new CalibratedOnTrainingRowsAnalyzer(), """
            var pipeline = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()
                .Append(mlContext.MulticlassClassification.Calibrators.Temperature());
            var model = pipeline.Fit(train);
            """);
        Assert.Equal(["MLSM002 train"], reports);
    }

    [Fact]
    public async Task Calibrator_FittedOnHeldOutRows_IsNotReported()
    {
        var reports = await AnalyzedCode.Reports(new CalibratedOnTrainingRowsAnalyzer(), """
            var trained = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy().Fit(train);
            var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(trained.Transform(heldOut));
            """);
        Assert.Empty(reports);
    }

    [Fact]
    public async Task CrossFit_WhichHoldsRowsOutByItself_IsNotReported()
    {
        var reports = await AnalyzedCode.Reports(new CalibratedOnTrainingRowsAnalyzer(), """
            var trainer = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy();
            var calibrators = mlContext.MulticlassClassification.Calibrators;
            var model = calibrators.CrossFit(trainer, calibrators.Temperature()).Fit(train);
            """);
        Assert.Empty(reports);
    }
}
