namespace MLNet.Softmax.Tests.Calibration;

public sealed class ScalingCalibratorTests
{
    private readonly MLContext _mlContext = new(1);

    private MulticlassCalibratorsCatalog Calibrators => _mlContext.MulticlassClassification.Calibrators;

    public static TheoryData<string> Kinds => ["VectorScaling", "MatrixScaling", "Dirichlet", "Isotonic"];

    [Theory]
    [InlineData("VectorScaling", "digits", 0.46, 0.4765)]
    [InlineData("MatrixScaling", "digits", 0.4, 0.5915)]
    [InlineData("Dirichlet", "digits", 0.4, 0.5915)]
    [InlineData("VectorScaling", "cifar10-wideresnet", 0.23503, 0.23523)]
    [InlineData("VectorScaling", "cifar10-vgg16", 0.18298, 0.18337)]
    [InlineData("MatrixScaling", "cifar10-wideresnet", 0.2, 0.232)]
    [InlineData("MatrixScaling", "cifar10-vgg16", 0.15, 0.186)]
    [InlineData("Dirichlet", "cifar10-wideresnet", 0.2, 0.232)]
    [InlineData("Dirichlet", "cifar10-vgg16", 0.15, 0.186)]
    [InlineData("VectorScaling", "digits", 0.475406, 0.475606, true)]
    [InlineData("VectorScaling", "cifar10-wideresnet", 0.234918, 0.235118, true)]
    [InlineData("VectorScaling", "cifar10-vgg16", 0.183175, 0.183375, true)]
    public void Fit_RecordedNetwork_ReachesTheLossAskedFor(
        string kind, string network, double atLeast, double atMost, bool unregularised = false)
    {
        var (fit, test) = CalibrationViews.Recorded(network);
        var log = Labels.LogOf(_mlContext);
        var fitting = unregularised
            ? new ScalingOptions { DiagonalRegularization = 0, InterceptRegularization = 0, CrossValidationFolds = 0 } : null;
        var calibrator = CalibrationViews.Create(Calibrators, kind, fitting: fitting);
        Assert.InRange(CalibrationViews.LogLoss(calibrator.Fit(fit).Transform(test)), atLeast, atMost);
        Assert.DoesNotContain(log, message => message.Message.Contains("worse than a temperature", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SaveAndLoad_Transformer_KeepsResultClassNamesAndCalibrationRecord(string kind)
    {
        var data = CalibrationViews.Drawn(200, 2);
        var transformer = Create(kind).Fit(data);
        var loaded = Scores.SaveAndLoad(transformer, data.Schema);
        var output = loaded.Transform(data);
        Assert.Equal(transformer.Transform(data).Column("Probability"), output.Column("Probability"));
        Assert.Equal(["a", "b", "c"], output.Schema["Probability"].TextAnnotation("SlotNames"));
        Assert.All(output.Column("Probability"), row => Assert.Equal(1, row.Sum(), 1e-6));
        switch (transformer, loaded)
        {
            case (AffineCalibratorTransformer a, AffineCalibratorTransformer b):
                Assert.Equal(a.GetType(), b.GetType());
                Assert.Equal(a.Calibration.Weights.AsEnumerable(), b.Calibration.Weights);
                Assert.Equal(a.Calibration.Intercepts.AsEnumerable(), b.Calibration.Intercepts);
                Assert.Equal(
                    a.Calibration with { Weights = default, Intercepts = default },
                    b.Calibration with { Weights = default, Intercepts = default });
                Assert.NotNull(b.Calibration.CrossValidation);
                break;
            case (IsotonicCalibratorTransformer a, IsotonicCalibratorTransformer b):
                Assert.Equal(a.Calibration with { Curves = default }, b.Calibration with { Curves = default });
                Assert.Equal(
                    a.Calibration.Curves.SelectMany(curve => curve.Outputs), b.Calibration.Curves.SelectMany(curve => curve.Outputs));
                break;
            default:
                Assert.Fail($"{loaded.GetType()} came back for {transformer.GetType()}.");
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void PredictionEngine_OneRow_GivesWhatTransformGives(string kind)
    {
        var data = CalibrationViews.Drawn(200, 2);
        var transformer = Create(kind).Fit(data);
        var engine = _mlContext.Model.CreatePredictionEngine<ScoreRow, ProbabilityRow>(transformer);
        var alone = engine.Predict(new ScoreRow { Score = data.Column("Score")[7] }).Probability;
        Assert.Equal(transformer.Transform(data).Column("Probability")[7], alone);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Transform_OtherNumberOfClasses_IsRefusedByName(string kind)
    {
        var transformer = Create(kind).Fit(CalibrationViews.Drawn(200, 2));
        var other = new MemoryView().WithScores("Score", [4], [[1, 2, 3, 4]]);
        Refusal.Of<ArgumentOutOfRangeException>(() => transformer.Transform(other), "'Score'", "3 classes");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [InlineData("Temperature")]
    public void Fit_RowsOfOneClass_AreRefusedInTheNameOfTheCalibrator(string kind)
    {
        float[][] scores = [.. Enumerable.Range(0, 40).Select(row => (float[])[row % 3, row % 5, row % 7])];
        var data = CalibrationViews.Labelled([.. scores.Select(_ => 2u)], scores, ["a", "b", "c"]);
        var error = Refusal.Of<InvalidOperationException>(() => CalibrationViews.Create(Calibrators, kind).Fit(data));
        Assert.StartsWith(
            $"Calibrators.{kind} cannot be fitted to the columns 'Label' and 'Score'. ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_MatrixOnFewRows_WarnsThatATemperatureDoesBetter()
    {
        var log = Labels.LogOf(_mlContext);
        var options = new CalibratorOptions<ScalingOptions>
        {
            Fitting = { OffDiagonalRegularization = 1e-6, DiagonalRegularization = 1e-6, InterceptRegularization = 1e-6 },
        };
        Calibrators.MatrixScaling(options).Fit(CalibrationViews.Drawn(40, 1));
        Assert.Contains(
            log, message => message.Message.Contains("Matrix scaling does worse than a temperature alone", StringComparison.Ordinal));
    }

    private IEstimator<ITransformer> Create(string kind) => CalibrationViews.Create(Calibrators, kind);
}
