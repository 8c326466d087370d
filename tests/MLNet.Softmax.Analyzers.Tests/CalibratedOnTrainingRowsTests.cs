namespace MLNet.Softmax.Analyzers.Tests;

public class CalibratedOnTrainingRowsTests
{
    [Fact]
    public Task Calibrator_FittedOnTheTrainersRows_IsReported() => AnalyzedCode.Reports<CalibratedOnTrainingRowsAnalyzer>("""
        var trained = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy().Fit(train);
        var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(trained.Transform(train));
        """, "MLSM002 trained.Transform(train)");

    [Fact]
    public Task Calibrator_FittedOnTheTrainersRowsThroughLocals_IsReported() => AnalyzedCode.Reports<CalibratedOnTrainingRowsAnalyzer>("""
        var trained = mlContext.MulticlassClassification.Trainers.NaiveBayes().Fit(train);
        var scored = trained.Transform(train);
        var calibrators = mlContext.MulticlassClassification.Calibrators;
        var calibrator = calibrators.VectorScaling();
        var fitted = calibrator.Fit(scored);
        """, "MLSM002 scored");

    [Fact]
    public Task Calibrator_FittedOnTheRowsOfATrainerWithOtherStages_IsReported() =>
        AnalyzedCode.Reports<CalibratedOnTrainingRowsAnalyzer>("""
        var pipeline = mlContext.Transforms.NormalizeMinMax("Features").Append(mlContext.MulticlassClassification.Trainers.NaiveBayes());
        var trained = pipeline.Fit(train);
        var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(trained.Transform(train));
        """, "MLSM002 trained.Transform(train)");

    [Fact]
    public Task Calibrator_FittedOnRowsThatOnlyATransformWasFittedOn_IsNotReported() =>
        AnalyzedCode.Reports<CalibratedOnTrainingRowsAnalyzer>("""
        var scaled = mlContext.Transforms.NormalizeMinMax("Features").Fit(train);
        var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(scaled.Transform(train));
        """);

    [Fact]
    public Task Calibrator_InParentheses_IsReported() => AnalyzedCode.Reports<CalibratedOnTrainingRowsAnalyzer>("""
        var trained = (mlContext.MulticlassClassification.Trainers.NaiveBayes()).Fit((train));
        var calibrator = (mlContext.MulticlassClassification.Calibrators.Temperature()).Fit((trained).Transform(((train))));
        """, "MLSM002 (trained).Transform(((train)))");

    [Fact]
    public Task GeneratedCode_IsNotReported() => AnalyzedCode.ReportsNothingIfGenerated<CalibratedOnTrainingRowsAnalyzer>("""
        var pipeline = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()
            .Append(mlContext.MulticlassClassification.Calibrators.Temperature());
        var model = pipeline.Fit(train);
        """);

    [Fact]
    public Task Calibrator_AppendedToItsTrainersPipeline_IsReported() => AnalyzedCode.Reports<CalibratedOnTrainingRowsAnalyzer>("""
        var pipeline = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()
            .Append(mlContext.MulticlassClassification.Calibrators.Temperature());
        var model = pipeline.Fit(train);
        """, "MLSM002 train");

    [Fact]
    public Task Calibrator_FittedOnHeldOutRows_IsNotReported() => AnalyzedCode.Reports<CalibratedOnTrainingRowsAnalyzer>("""
        var trained = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy().Fit(train);
        var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(trained.Transform(heldOut));
        """);

    [Fact]
    public Task CrossFit_WhichHoldsRowsOutByItself_IsNotReported() => AnalyzedCode.Reports<CalibratedOnTrainingRowsAnalyzer>("""
        var trainer = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy();
        var calibrators = mlContext.MulticlassClassification.Calibrators;
        var model = calibrators.CrossFit(trainer, calibrators.Temperature()).Fit(train);
        """);
}
