using MLNet.Softmax.Tests.Calibration;

namespace MLNet.Softmax.Tests;

public class ThresholdTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    private MulticlassCalibratorsCatalog Calibrators => _mlContext.MulticlassClassification.Calibrators;

    [Fact]
    public void Fit_PositiveClass_DecidesAtTheThresholdThatNumericsChooses()
    {
        var data = Probabilities();
        var rows = new ThresholdRows(3, 1);
        foreach (var (p, label) in data.Column("Probability").Zip(data.GetColumn<uint>("Label")))
            rows.Add(p, (int)label - 1);
        var expected = rows.Fit(ThresholdGoal.FBeta(2));

        var decide = Calibrators.Threshold(ThresholdGoal.FBeta(2), positiveClass: "b").Fit(data);
        Assert.Equal(expected, decide.Calibration! with { Curve = expected.Curve });
        Assert.Equal(expected.Curve, decide.Calibration!.Curve);
        Assert.True(expected.After.Value > expected.Before.Value);
        Assert.Equal(
            data.Column("Probability").Count(p => p[1] >= expected.Threshold),
            decide.Transform(data).GetColumn<uint>("PredictedLabel").Count(key => key == 2));
    }

    [Fact]
    public void Fit_MinimumConfidence_SavesAndLoadsWithItsRecord()
    {
        var data = Probabilities();
        var options = new ThresholdCalibratorOptions { Goal = ThresholdGoal.SelectiveRisk(0.25, 0.1), AddIsSure = true };
        var decide = Calibrators.Threshold(options).Fit(data);
        Assert.Equal(decide.Calibration!.Threshold, decide.MinimumConfidence);
        var loaded = Assert.IsType<DecideTransformer>(Scores.SaveAndLoad(decide, data.Schema));
        Assert.Equal(decide.Calibration with { Curve = [] }, loaded.Calibration);

        var (keys, labels) = (loaded.Transform(data).GetColumn<uint>("PredictedLabel").ToArray(), data.GetColumn<uint>("Label"));
        Assert.Equal(keys.Select(key => key > 0), loaded.Transform(data).GetColumn<bool>("PredictedLabelIsSure"));
        var risk = keys.Zip(labels).Where(row => row.First > 0).Average(row => row.First == row.Second ? 0.0 : 1);
        Assert.Equal(decide.Calibration.After.Value, risk, 1e-12);
        Assert.InRange(risk, 0, 0.25);
    }

    [Fact]
    public void CrossFit_OfATemperatureAndAThreshold_ChoosesItOnOutOfFoldRows()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Flower.Draw(240));
        var trainer = _mlContext.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(_mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [], epochCount: 20, seed: 1));
        var model = Calibrators.CrossFit(
            trainer, Calibrators.Temperature().Append(Calibrators.Threshold(ThresholdGoal.BalancedAccuracy, "rose"))).Fit(data);
        Assert.Equal(240, model.LastTransformer.LastTransformer.Calibration!.RowsUsed);
        Assert.Contains(1u, model.Transform(data).GetColumn<uint>("PredictedLabel"));
    }

    [Fact]
    public void Threshold_BadInput_IsRefusedWithWhatIsExpected()
    {
        var data = Probabilities();
        Refusal.Of<ArgumentException>(() => Calibrators.Threshold(ThresholdGoal.FBeta()), "needs a positive class");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => Calibrators.Threshold(ThresholdGoal.FBeta(), "dog").Fit(data), "no class 'dog'", "'a', 'b', 'c'");
        Refusal.Of<InvalidOperationException>(
            () => Calibrators.Threshold(ThresholdGoal.Recall(1), "a", probabilityColumnName: "Score").Fit(CalibrationViews.Labelled(
                [.. Enumerable.Repeat(2u, 40)], [.. Enumerable.Repeat(new[] { 0.5f, 0.3f, 0.2f }, 40)], ["a", "b", "c"])),
            "'Label' and 'Score'", "None of the 40 rows belong to the positive class");
        Refusal.Of<InvalidOperationException>(
            () => Calibrators.Threshold(ThresholdGoal.Precision(1), "a", probabilityColumnName: "Score").Fit(data),
            "does not hold probabilities");
    }

    private IDataView Probabilities() =>
        _mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits).FitTransform(CalibrationViews.Drawn(500, 1));
}
