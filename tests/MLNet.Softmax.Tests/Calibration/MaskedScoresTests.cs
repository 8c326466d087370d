using System.Globalization;

namespace MLNet.Softmax.Tests.Calibration;

/// <summary>A row in a thousand whose true class is masked, through every calibrator of ML.NET.</summary>
public sealed class MaskedScoresTests
{
    private static readonly MemoryView Clean = CalibrationViews.Drawn(999, 1.364);

    private readonly MLContext _mlContext = new(1);

    public static TheoryData<string, float> Cases =>
        new(from kind in (string[])["Temperature", "VectorScaling", "MatrixScaling", "Dirichlet", "Isotonic"]
            from mask in (float[])[-1e4f, -1e9f, -1e30f, float.MinValue, float.NegativeInfinity]
            select (kind, mask));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_MaskOnTheTrueClassOfOneRow_LeavesThatRowOutAndSaysSo(string kind, float mask)
    {
        var log = Labels.LogOf(_mlContext);
        var expected = Fit(kind, Clean).Transform(Clean).Column("Probability");
        Assert.DoesNotContain(log, message => message.Message.Contains("ruled out", StringComparison.Ordinal));
        var found = Fit(kind, WithRow([mask, 1, 2])).Transform(Clean).Column("Probability");

        Assert.All(expected.Zip(found), rows => Assert.All(rows.First.Zip(rows.Second), p => Assert.Equal(p.First, p.Second, 1e-3f)));
        Assert.Contains(log, message => message.Message.Contains(
            "999 are used and 1 are not: 1 whose true class is ruled out by a logit of -infinity or a mask such as -1e9. "
            + "In the first ruled out, class 0 is the true one", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_OneRowThatOutweighsAllOthers_Warns()
    {
        var log = Labels.LogOf(_mlContext);
        var fitted = Assert.IsType<TemperatureCalibratorTransformer>(Fit("Temperature", WithRow([-90, 1, 2])));
        Assert.InRange(fitted.Calibration.LargestRowShare, 0.5, 1);
        Assert.Contains(log, message => message.Message.Contains("The temperature rests on one row", StringComparison.Ordinal));
        var loaded = Assert.IsType<TemperatureCalibratorTransformer>(Scores.SaveAndLoad(fitted, Clean.Schema));
        Assert.Equal(fitted.Calibration, loaded.Calibration);
        foreach (var kind in (string[])["Temperature", "VectorScaling"])
            Fit(kind, Clean);
        Assert.Single(log, message => message.Message.Contains("rests on one row", StringComparison.Ordinal));
    }

    [Fact]
    public void SaveAndLoad_AScaling_KeepsWhereMasksBegin()
    {
        var fitted = Assert.IsType<MatrixScalingCalibratorTransformer>(Fit("MatrixScaling", Clean));
        var loaded = Assert.IsType<MatrixScalingCalibratorTransformer>(Scores.SaveAndLoad(fitted, Clean.Schema));
        Assert.Equal(100, loaded.Calibration.MaskDistance, 60f);
        Assert.Equal(fitted.Calibration.ToString(), loaded.Calibration.ToString());

        var masked = new MemoryView().WithScores("Score", [3], [[1, -1e9f, 2], [1, float.NegativeInfinity, 2]]);
        var probabilities = loaded.Transform(masked).Column("Probability");
        Assert.Equal(probabilities[1], probabilities[0]);
    }

    [Fact]
    public void Messages_UnderADecimalComma_HaveDecimalPoints()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
        try
        {
            var log = Labels.LogOf(_mlContext);
            _mlContext.MulticlassClassification.Calibrators.Temperature(
                new CalibratorOptions<TemperatureScalingOptions> { Fitting = { MinimumTemperature = 2.5 } }).Fit(Clean);
            Assert.Contains(log, message => message.Message.Contains("The temperature 2.5 is not the best", StringComparison.Ordinal));
            Assert.Contains("TrainingLoss = 0.5", new TrainingProgress(1, 2, 0.5, null, null).ToString(), StringComparison.Ordinal);
            var scores = new MemoryView().WithScores("Probability", [2], [[0.25f, 0.5f]]).With("Label", NumberDataViewType.Single, [0f]);
            Refusal.Of<InvalidOperationException>(
                () => _mlContext.MulticlassClassification.EvaluateProbabilities(scores), "from 0.25 to 0.5");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private ITransformer Fit(string kind, IDataView data) =>
        CalibrationViews.Create(_mlContext.MulticlassClassification.Calibrators, kind).Fit(data);

    /// <summary>The clean rows, and one more of the first class.</summary>
    private static MemoryView WithRow(float[] scores) => CalibrationViews.Labelled(
        [.. Clean.GetColumn<uint>("Label"), 1u], [.. Clean.Column("Score"), scores], ["a", "b", "c"]);
}
