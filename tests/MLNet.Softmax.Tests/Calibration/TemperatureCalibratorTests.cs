namespace MLNet.Softmax.Tests.Calibration;

public sealed class TemperatureCalibratorTests
{
    private readonly MLContext _mlContext = new(1);

    private MulticlassCalibratorsCatalog Calibrators => _mlContext.MulticlassClassification.Calibrators;

    [Theory]
    [MemberData(nameof(RecordedNetwork.Names), MemberType = typeof(RecordedNetwork))]
    public void Fit_RecordedNetwork_FindsTheReferenceTemperatureAndLoss(string network)
    {
        var (fit, test) = CalibrationViews.Recorded(network);
        var recorded = RecordedNetwork.Load(network);
        var transformer = Calibrators.Temperature().Fit(fit);

        Assert.Equal(recorded.HasLogits ? ScoreKind.Logits : ScoreKind.Probabilities, transformer.ScoreKind);
        Assert.InRange(transformer.Temperature / recorded.Number("temperature"), 1 - 1e-4, 1 + 1e-4);
        Assert.Equal(FitOutcome.Converged, transformer.Calibration.Outcome);
        Assert.Equal(recorded.HalfRows, transformer.Calibration.RowsUsed);
        Assert.Equal(recorded.Number("testAfter", "nll"), CalibrationViews.LogLoss(transformer.Transform(test)), 1e-6);
    }

    [Fact]
    public void Fit_DataView_IsReadOnceBesidesTheRowsThatTellTheScoreKind()
    {
        var data = CalibrationViews.Drawn(1000, 2);
        Calibrators.Temperature(scoreKind: ScoreKind.Logits).Fit(data);
        Assert.Equal((1008, 1000, 1008), (data.RowsVisited, data.Reads("Label"), data.Reads("Score")));
        Calibrators.Temperature().Fit(data);
        Assert.InRange(data.RowsVisited, 2009, 2072);
    }

    [Fact]
    public void Fit_Logits_FindsTheirTemperatureAndSaysNothing()
    {
        var log = Labels.LogOf(_mlContext);
        var transformer = Calibrators.Temperature().Fit(CalibrationViews.Drawn(5000, 2.5));
        Assert.Equal(ScoreKind.Logits, transformer.ScoreKind);
        Assert.Equal(2.5, transformer.Temperature, 0.25);
        Assert.DoesNotContain(log, message => message.Message.Contains("not the best", StringComparison.Ordinal));
    }

    [Fact]
    public void Transform_Probabilities_KeepTheClassNamesAndSayWhatTheyAre()
    {
        var data = CalibrationViews.Drawn(200, 2);
        var output = Calibrators.Temperature(probabilityColumnName: "P").FitTransform(data);
        Assert.Equal(["a", "b", "c"], output.Schema["P"].TextAnnotation("SlotNames"));
        Assert.Equal("Probability", output.Schema["P"].SingleTextAnnotation("ScoreValueKind"));
        Assert.All(output.Column("P"), row => Assert.Equal(1, row.Sum(), 1e-6));
    }

    [Fact]
    public void SaveAndLoad_Transformer_KeepsTheFitAndTheResult()
    {
        var data = CalibrationViews.Drawn(200, 2);
        var transformer = Calibrators.Temperature().Fit(data);
        var loaded = Scores.SaveAndLoad(transformer, data.Schema);

        Assert.Equal(transformer.Calibration, Assert.IsType<TemperatureCalibratorTransformer>(loaded).Calibration);
        Assert.Equal(transformer.Transform(data).Column("Probability"), loaded.Transform(data).Column("Probability"));
    }

    [Fact]
    public void PredictionEngine_OneRow_GivesWhatTransformGives()
    {
        var data = CalibrationViews.Drawn(200, 2);
        var transformer = Calibrators.Temperature().Fit(data);
        var engine = _mlContext.Model.CreatePredictionEngine<ScoreRow, ProbabilityRow>(transformer);
        var probability = engine.Predict(new ScoreRow { Score = [1, 2, -1] }).Probability;
        var expected = Scores.NaiveSoftmax([1, 2, -1], transformer.Temperature);
        Scores.AssertClose(expected, probability);
    }

    [Fact]
    public void Fit_FixedTemperatureAndClassWeights_AreUsed()
    {
        var data = CalibrationViews.Drawn(500, 2);
        var given = Calibrators.Temperature(new() { Fitting = { FixedTemperature = 3 } }).Fit(data);
        Assert.Equal((3f, FitOutcome.Fixed), (given.Temperature, given.Calibration.Outcome));

        var plain = Calibrators.Temperature().Fit(data);
        var weighted = Calibrators.Temperature(new() { Fitting = { ClassWeights = [10, 1, 1] } }).Fit(data);
        Assert.NotEqual(plain.Calibration.LossAfter, weighted.Calibration.LossAfter);
    }

    [Fact]
    public void Fit_AtABound_WarnsWhichAndWhy()
    {
        var log = Labels.LogOf(_mlContext);
        var options = new CalibratorOptions<TemperatureScalingOptions> { Fitting = { MinimumTemperature = 1 } };
        var transformer = Calibrators.Temperature(options).Fit(CalibrationViews.Drawn(500, 0.5));
        Assert.Equal(1, transformer.Temperature);
        Warned("The temperature 1 is not the best one: it is the lowest one allowed, and the loss would fall further below it. "
            + "Allow a lower MinimumTemperature, unless scores shall never be sharpened beyond it.");

        Calibrators.Temperature().Fit(CalibrationViews.Drawn(500, -1));
        Warned("The temperature 10000 is not the best one: it is the highest one allowed, because the scores tell nothing about the "
            + "labels, or the wrong thing. Check that the score and the label column belong together and number the classes alike.");

        void Warned(string expected) =>
            Assert.Contains(log, message => message.Message.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_RowsThatCannotBeUsed_AreReportedAndCounted()
    {
        var log = Labels.LogOf(_mlContext);
        var labels = Enumerable.Range(0, 100).Select(row => row < 10 ? 0u : (uint)(row % 3) + 1).ToArray();
        var scores = Enumerable.Range(0, 100).Select(row => new float[] { row % 2, row % 5, row is > 20 and < 25 ? float.NaN : -1 })
            .ToArray();
        var transformer = Calibrators.Temperature().Fit(
            CalibrationViews.Labelled(labels, scores, ["a", "b", "c"]));
        Assert.Equal(new RowsLeftOut(10, 0, 4, 0, 0), transformer.Calibration.RowsLeftOut);
        Assert.Contains(log, message => message.Message.Contains("10 without a label, 4 with NaN", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_FiveRows_NamesTheColumnsAndWhatIsNeeded()
    {
        Refusal.Of<InvalidOperationException>(
            () => Calibrators.Temperature().Fit(CalibrationViews.Drawn(5, 1)),
            "'Label' and 'Score'", "5 usable rows and needs at least 30");
    }

    [Fact]
    public void Fit_MissingColumnOrUnknownSize_SaysWhatIsThere()
    {
        var data = CalibrationViews.Drawn(50, 1);
        Refusal.Of<ArgumentOutOfRangeException>(() => Calibrators.Temperature("Truth").Fit(data), "'Truth'");
        Refusal.Of<ArgumentOutOfRangeException>(() => Calibrators.Temperature(scoreColumnName: "Logits").Fit(data), "'Logits'");
        var unknown = new MemoryView().WithKeys("Label", 3, [1]).WithScores(
            "Score", [0], [[1, 2, 3]]);
        Refusal.Of<ArgumentOutOfRangeException>(() => Calibrators.Temperature().Fit(unknown), "unknown size");
        Refusal.Of<ArgumentException>(() => Calibrators.Temperature(""));
        Assert.Throws<ArgumentNullException>("Fitting", () => Calibrators.Temperature(new() { Fitting = null! }));
    }

    [Fact]
    public void Append_EstimatorChain_FitsAndShapesAgree()
    {
        var data = CalibrationViews.Drawn(200, 2);
        var pipeline = Calibrators.Temperature().Append(
            _mlContext.Transforms.TopK("Top", "Probability", k: 2));
        Assert.Equal(200, pipeline.FitTransform(data).GetColumn<string[]>("TopLabels").Count());
    }
}
