using System.Globalization;

namespace MLNet.Softmax.Analyzers.Tests;

public class UncalibratedPredictionTests
{
    private const string Calibrators = "mlContext.MulticlassClassification.Calibrators";

    private const string ToValue = """mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")""";

    [Theory]
    [InlineData("VectorScaling()")]
    [InlineData("MatrixScaling()")]
    [InlineData("Dirichlet()")]
    [InlineData("Isotonic()")]
    public Task MapKeyToValue_AfterACalibratorThatCanChangeTheOrder_IsReported(string calibrator) =>
        AnalyzedCode.Reports<UncalibratedPredictionAnalyzer>($$"""
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append({{Calibrators}}.{{calibrator}}).Append({{ToValue}});
        """, $"MLSM004 {ToValue}");

    [Theory]
    [InlineData("Temperature()", "")]
    [InlineData("Isotonic()", ".Append(mlContext.Transforms.Decide())")]
    [InlineData("Isotonic()", ".Append(mlContext.MulticlassClassification.Calibrators.Threshold(ThresholdGoal.FBeta(), \"a\"))")]
    public Task MapKeyToValue_WhereTheAnswerIsUpToDate_IsNotReported(string calibrator, string decide) =>
        AnalyzedCode.Reports<UncalibratedPredictionAnalyzer>($$"""
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append({{Calibrators}}.{{calibrator}}){{decide}}
            .Append({{ToValue}});
        """);

    [Theory]
    [InlineData("{0}.Append({1}).Append(mlContext.Transforms.TopK(\"Top\", \"Probability\"))", true)]
    [InlineData("{0}.Append({1}).Append({3})", true)]
    [InlineData("{0}.Append({2}).Append({1})", true)]
    [InlineData("{0}.Append({1}).Append({2}).Append({3})", false)]
    [InlineData("{0}.Append({3}).Append(mlContext.Transforms.Softmax(\"Isotonic\", \"Score\"))", false)]
    [InlineData("{1}.Append({0})", false)]
    [InlineData("mlContext.Transforms.CopyColumns(\"A\", \"B\").Append({1})", false)]
    public Task MapKeyToValue_DependsOnTrainerCalibratorAndDecisionInTheirOrder(string pipeline, bool isReported) =>
        AnalyzedCode.Reports<UncalibratedPredictionAnalyzer>($"var pipeline = {string.Format(
            CultureInfo.InvariantCulture, pipeline, "mlContext.MulticlassClassification.Trainers.NaiveBayes()", $"{Calibrators}.Isotonic()",
            "mlContext.Transforms.Decide()", $"{Calibrators}.Temperature()")}.Append({ToValue});",
            isReported ? [$"MLSM004 {ToValue}"] : []);

    [Theory]
    [InlineData("\"Name\", \"PredictedLabel\"", true)]
    [InlineData("\"PredictedLabel\", null", true)]
    [InlineData("\"PredictedLabel\", \"Label\"", false)]
    [InlineData("train.ToString()", false)]
    public Task MapKeyToValue_OfPredictedLabel_IsReported(string columns, bool isReported)
    {
        var toValue = $"mlContext.Transforms.Conversion.MapKeyToValue({columns})";
        return AnalyzedCode.Reports<UncalibratedPredictionAnalyzer>($$"""
            var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append({{Calibrators}}.Isotonic()).Append({{toValue}});
            """, isReported ? [$"MLSM004 {toValue}"] : []);
    }

    [Fact]
    public Task MapKeyToValue_FittedAndAppendedToAModel_IsReported() => AnalyzedCode.Reports<UncalibratedPredictionAnalyzer>($$"""
        var model = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append({{Calibrators}}.Isotonic()).Fit(train);
        var named = model.Append({{ToValue}}.Fit(model.Transform(train)));
        """, $"MLSM004 {ToValue}");

    [Fact]
    public Task GetColumn_OfWhatNoCalibratedModelGives_IsNotReported() => AnalyzedCode.Reports<UncalibratedPredictionAnalyzer>($$"""
        var column = "PredictedLabel";
        var given = train.GetColumn<uint>(column);
        var cached = mlContext.Data.Cache(train).GetColumn<uint>(column);
        var trained = mlContext.MulticlassClassification.Trainers.NaiveBayes().Fit(train).Transform(test).GetColumn<uint>(column);
        """);

    /// <summary>An Append that has nothing to do with pipelines, which many types have.</summary>
    [Fact]
    public async Task AppendOfAText_IsNotReported()
    {
        const string Code = """var text = new System.Text.StringBuilder().Append("PredictedLabel").Append(train);""";
        await AnalyzedCode.Reports<UncalibratedPredictionAnalyzer>(Code);
        await AnalyzedCode.Reports<SecondSoftmaxAnalyzer>(Code);
    }

    [Fact]
    public Task OtherColumns_AreNotReported() => AnalyzedCode.Reports<UncalibratedPredictionAnalyzer>($$"""
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append({{Calibrators}}.Isotonic())
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("Label"));
        var labels = pipeline.Fit(train).Transform(test).GetColumn<uint>("Label");
        """);

    [Fact]
    public Task GetColumnAndEngine_OfAModelWithAFittedCalibrator_AreReported() => AnalyzedCode.Reports<UncalibratedPredictionAnalyzer>($$"""
        var model = mlContext.MulticlassClassification.Trainers.NaiveBayes().Fit(train);
        var calibrator = {{Calibrators}}.Dirichlet().Fit(model.Transform(heldOut));
        var calibrated = model.Append(calibrator);
        var predicted = calibrated.Transform(test).GetColumn<uint>("PredictedLabel");
        var cross = {{Calibrators}}.CrossFit(mlContext.MulticlassClassification.Trainers.NaiveBayes(), {{Calibrators}}.Isotonic());
        var more = cross.Fit(train).Transform(test).GetColumn<uint>("PredictedLabel");
        var decided = calibrated.Append(mlContext.Transforms.Decide().Fit(calibrated.Transform(heldOut)));
        var right = decided.Transform(test).GetColumn<uint>("PredictedLabel");
        """,
        "MLSM004 calibrated.Transform(test).GetColumn<uint>(\"PredictedLabel\")",
        "MLSM004 cross.Fit(train).Transform(test).GetColumn<uint>(\"PredictedLabel\")");

    [Theory]
    [InlineData("Answer", true)]
    [InlineData("Distribution", false)]
    public Task CreatePredictionEngine_IsReportedIfItsOutputHasAPredictedLabel(string output, bool isReported)
    {
        var engine = $"mlContext.Model.CreatePredictionEngine<Row, {output}>(pipeline.Fit(train))";
        return AnalyzedCode.Reports<UncalibratedPredictionAnalyzer>($$"""
            var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append({{Calibrators}}.Isotonic());
            var engine = {{engine}};
            """, isReported ? [$"MLSM004 {engine}"] : []);
    }

    [Theory]
    [InlineData("Isotonic()", "Decide()")]
    [InlineData("""Isotonic(probabilityColumnName: "P")""", """Decide(inputColumnName: "P")""")]
    public Task Fix_AppendsDecide(string calibrator, string decide) =>
        AnalyzedCode.Fixes<UncalibratedPredictionAnalyzer>(new UncalibratedPredictionFix(), $$"""
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes()
            .Append({{Calibrators}}.{{calibrator}})
            .Append({{ToValue}});
        """, $$"""
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes()
            .Append({{Calibrators}}.{{calibrator}})
            .Append(mlContext.Transforms.{{decide}})
            .Append({{ToValue}});
        """, "Append Decide");

    [Theory]
    [InlineData(
        "var pipeline = {0}.Append(steps.Conversion.MapKeyToValue(\"PredictedLabel\"));",
        "var pipeline = {0}.Append(steps.Decide()).Append(steps.Conversion.MapKeyToValue(\"PredictedLabel\"));")]
    [InlineData("var toValue = steps.Conversion.MapKeyToValue(\"PredictedLabel\"); var pipeline = {0}.Append(toValue);", null)]
    [InlineData("var step = steps.Conversion; var pipeline = {0}.Append(step.MapKeyToValue(\"PredictedLabel\"));", null)]
    public Task Fix_IsOfferedWhereTheCatalogIsKnown(string before, string? after)
    {
        var calibrated = $"mlContext.MulticlassClassification.Trainers.NaiveBayes().Append({Calibrators}.Isotonic())";
        string Statements(string text) =>
            $"var steps = mlContext.Transforms; {string.Format(CultureInfo.InvariantCulture, text, calibrated)}";
        return AnalyzedCode.Fixes<UncalibratedPredictionAnalyzer>(
            new UncalibratedPredictionFix(), Statements(before), after is null ? null : Statements(after));
    }

    [Fact]
    public Task Fix_OfAColumnThatIsNotAConstant_IsNotOffered() =>
        AnalyzedCode.Fixes<UncalibratedPredictionAnalyzer>(new UncalibratedPredictionFix(), $$"""
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes()
            .Append({{Calibrators}}.Isotonic(probabilityColumnName: train.ToString())).Append({{ToValue}});
        """, null);

    [Fact]
    public Task Fix_OfAFittedModel_IsNotOffered() =>
        AnalyzedCode.Fixes<UncalibratedPredictionAnalyzer>(new UncalibratedPredictionFix(), $$"""
        var pipeline = mlContext.MulticlassClassification.Trainers.NaiveBayes().Append({{Calibrators}}.Isotonic());
        var predicted = pipeline.Fit(train).Transform(test).GetColumn<uint>("PredictedLabel");
        """, null);
}
