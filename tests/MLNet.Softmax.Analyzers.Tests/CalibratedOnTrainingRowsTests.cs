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

    [Theory]
    [InlineData("mlContext.Transforms.CopyColumns(\"A\", \"B\").Append(trainer).Append(calibrator).Append(calibrator)", true)]
    [InlineData("mlContext.Transforms.CopyColumns(\"A\", \"B\").Append(calibrator)", false)]
    [InlineData("calibrator.Append(trainer)", false)]
    [InlineData("trainer", false)]
    public Task Calibrator_InAPipeline_IsReportedAfterATrainer(string pipeline, bool isReported) =>
        AnalyzedCode.Reports<CalibratedOnTrainingRowsAnalyzer>($$"""
        var trainer = mlContext.MulticlassClassification.Trainers.NaiveBayes();
        var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature();
        var model = ({{pipeline}}).Fit(heldOut);
        """, isReported ? ["MLSM002 heldOut"] : []);

    /// <summary>Equal rows are those of one variable, parameter, field or property; an indexer may give others.</summary>
    [Theory]
    [InlineData("local", "local", true)]
    [InlineData("local", "train", false)]
    [InlineData("Settings.Rows", "Settings.Rows", true)]
    [InlineData("Settings.Rows", "Settings.More", false)]
    [InlineData("Settings.More", "Settings.More", true)]
    [InlineData("sets[0]", "sets[0]", false)]
    [InlineData("Settings.Make()", "Settings.Make()", false)]
    [InlineData("(IDataView)train", "train", true)]
    public Task Calibrator_FittedOnEqualRows_IsReported(string trained, string calibrated, bool isReported) =>
        AnalyzedCode.Reports<CalibratedOnTrainingRowsAnalyzer>($$"""
        IDataView local = mlContext.Data.Cache(heldOut);
        var sets = new System.Collections.Generic.List<IDataView> { train };
        var model = mlContext.MulticlassClassification.Trainers.NaiveBayes().Fit({{trained}});
        var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(model.Transform({{calibrated}}));
        """, isReported ? [$"MLSM002 model.Transform({calibrated})"] : []);

    [Theory]
    [InlineData("test")]
    [InlineData("mlContext.Data.Cache(train)")]
    [InlineData("mlContext.Transforms.CopyColumns(\"A\", \"B\").Fit(test).Transform(train)")]
    public Task Calibrator_FittedOnRowsThatNoTrainerScored_IsNotReported(string rows) =>
        AnalyzedCode.Reports<CalibratedOnTrainingRowsAnalyzer>($$"""
        var model = mlContext.MulticlassClassification.Trainers.NaiveBayes().Fit(train);
        var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit({{rows}});
        """);

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
