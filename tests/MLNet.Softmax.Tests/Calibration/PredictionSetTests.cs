using System.Globalization;

namespace MLNet.Softmax.Tests.Calibration;

public sealed class PredictionSetTests(ITestOutputHelper output)
{
    private readonly MLContext _mlContext = new(1);

    private MulticlassCalibratorsCatalog Calibrators => _mlContext.MulticlassClassification.Calibrators;

    public static MatrixTheoryData<string, PredictionSetMethod> NetworksAndMethods =>
        new(["digits", "cifar10-wideresnet", "cifar10-vgg16"], Enum.GetValues<PredictionSetMethod>());

    [Theory]
    [MemberData(nameof(NetworksAndMethods))]
    public void Fit_RecordedNetwork_CoversAsManyTestRowsAsPromised(string network, PredictionSetMethod method)
    {
        var (fit, test) = CalibrationViews.Recorded(network, probabilities: true);
        var labels = test.GetColumn<uint>("Label").Select(key => CalibrationViews.Names[key - 1]).ToArray();
        // A little over three standard deviations: the coverage varies with the rows of the fit and with those of the test.
        var tolerance = 3.2 * Math.Sqrt(0.95 * 0.05 * 2 / labels.Length);
        foreach (var allowEmpty in new[] { true, false })
        {
            var options = new PredictionSetCalibratorOptions
            {
                Fitting = { Coverage = 0.95, Method = method, AllowEmpty = allowEmpty },
                ProbabilityColumnName = "Score",
            };
            var sets = Calibrators.PredictionSet(options).Fit(fit).Transform(test);
            var rows = sets.GetColumn<string[]>("PredictionSet").ToArray();
            var coverage = rows.Zip(labels, (set, label) => set.Contains(label) ? 1.0 : 0).Average();
            output.WriteLine(
                $"{network} {method}, empty sets {(allowEmpty ? "allowed" : "forbidden")}: "
                + $"coverage {coverage:f4}, mean size {rows.Average(set => set.Length):f3}");

            Assert.InRange(coverage, 0.95 - tolerance, allowEmpty ? 0.95 + tolerance : 1);
            Assert.Equal(rows.Select(set => set.Length), sets.GetColumn<int>("PredictionSetSize"));
            Assert.True(allowEmpty || rows.All(set => set.Length > 0));
        }
    }

    [Fact]
    public void Transform_Row_ListsTheMostProbableFirstAndPredictsAloneTheSame()
    {
        var (fit, test) = CalibrationViews.Recorded("digits", probabilities: true);
        var options = new PredictionSetCalibratorOptions
        {
            Fitting = { Coverage = 0.99, Randomized = false },
            ProbabilityColumnName = "Score",
        };
        var transformer = Calibrators.PredictionSet(options).Fit(fit);
        var sets = transformer.Transform(test).GetColumn<string[]>("PredictionSet").Take(200).ToArray();
        var engine = _mlContext.Model.CreatePredictionEngine<TenScores, SetRow>(transformer);
        var scores = test.Column("Score");
        for (var row = 0; row < sets.Length; row++)
        {
            var ranked = Enumerable.Range(0, 10).OrderByDescending(k => scores[row][k]).Select(k => CalibrationViews.Names[k]);
            Assert.Equal(ranked.Take(sets[row].Length), sets[row]);
            var alone = engine.Predict(new TenScores { Label = 1, Score = scores[row] });
            // Its own row type names no classes: their indices stand for them.
            Assert.Equal(
                sets[row], alone.PredictionSet.Select(index => CalibrationViews.Names[int.Parse(index, CultureInfo.InvariantCulture)]));
            Assert.Equal(sets[row].Length, alone.PredictionSetSize);
        }
    }

    [Fact]
    public void SaveAndLoad_Transformer_KeepsTheRuleAndTheSets()
    {
        var (fit, test) = CalibrationViews.Recorded("digits", probabilities: true);
        var transformer = Calibrators
            .PredictionSet(0.9, PredictionSetMethod.Aps, probabilityColumnName: "Score", predictionSetColumnName: "Set").Fit(fit);
        var loaded = Scores.SaveAndLoad(transformer, fit.Schema);
        Assert.Equal(transformer.Calibration, Assert.IsType<PredictionSetTransformer>(loaded).Calibration);
        Assert.Equal(transformer.Transform(test).GetColumn<string[]>("Set"), loaded.Transform(test).GetColumn<string[]>("Set"));
        Assert.Equal(transformer.Transform(test).GetColumn<int>("SetSize"), loaded.Transform(test).GetColumn<int>("SetSize"));
        Assert.Equal(
            ("Set", "SetSize", "Score"),
            (transformer.PredictionSetColumnName, transformer.PredictionSetSizeColumnName, transformer.ProbabilityColumnName));
    }

    [Theory]
    [InlineData(0, 1.5)]
    [InlineData(0, 0)]
    [InlineData(0, double.NaN)]
    [InlineData(1, double.NaN)]
    [InlineData(1, double.PositiveInfinity)]
    public void Load_CoverageOrThresholdThatCannotBe_IsRefused(int which, double damage)
    {
        var (fit, _) = CalibrationViews.Recorded("digits", probabilities: true);
        var transformer = Calibrators.PredictionSet(0.9, probabilityColumnName: "Score").Fit(fit);
        double[] values = [transformer.Calibration.Coverage, transformer.Calibration.Threshold];
        var model = ModelFile.Edit(Scores.Save(transformer, fit.Schema), "PREDSETS", bytes =>
        {
            var own = ModelFile.OwnData(bytes);
            BitConverter.TryWriteBytes(own[own.IndexOf(BitConverter.GetBytes(values[which]))..], damage);
            return bytes;
        });
        values[which] = damage;
        ModelFile.AssertFormatError(
            model, string.Create(CultureInfo.InvariantCulture, $"the coverage {values[0]} and the threshold {values[1]}"));
    }

    [Fact]
    public void PerClass_SavesAndLoads_AndNamesTheClassWithTooFewRows()
    {
        var (fit, test) = CalibrationViews.Recorded("digits", probabilities: true);
        var transformer = Calibrators.PredictionSet(
            0.9, probabilityColumnName: "Score", conditional: PredictionSetConditional.PerClass).Fit(fit);
        var loaded = Assert.IsType<PredictionSetTransformer>(Scores.SaveAndLoad(transformer, fit.Schema));
        Assert.Equal(transformer.Calibration.ClassThresholds, loaded.Calibration.ClassThresholds);
        Assert.Equal(10, loaded.Calibration.ClassThresholds.Length);
        Assert.Equal(
            transformer.Transform(test).GetColumn<string[]>("PredictionSet"), loaded.Transform(test).GetColumn<string[]>("PredictionSet"));
        Refusal.Of<InvalidOperationException>(
            () => Calibrators.PredictionSet(0.99, probabilityColumnName: "Score", conditional: PredictionSetConditional.PerClass).Fit(fit),
            "usable rows of class 'airplane'");
    }

    [Fact]
    public void Fit_Logits_AreRefusedWithAHint()
    {
        Refusal.Of<InvalidOperationException>(
            () => Calibrators.PredictionSet(probabilityColumnName: "Score").Fit(
                CalibrationViews.Drawn(200, 2)),
            "'Label' and 'Score'", "give probabilities, not logits");
    }

    [Fact]
    public void PredictionSet_CoverageOutOfRange_IsRefusedAtOnce()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => Calibrators.PredictionSet(1));
        Refusal.Of<ArgumentOutOfRangeException>(() => Calibrators.PredictionSet(method: (PredictionSetMethod)7));
        Refusal.Of<ArgumentException>(() => Calibrators.PredictionSet(predictionSetColumnName: ""));
    }

    [Fact]
    public void Append_AfterTemperature_ShapesAgree()
    {
        var data = CalibrationViews.Drawn(300, 2);
        var sets = Calibrators.Temperature().Append(Calibrators.PredictionSet(method: PredictionSetMethod.Lac)).FitTransform(data);
        Assert.Equal(300, sets.GetColumn<string[]>("PredictionSet").Count());
    }

    private sealed class TenScores
    {
        [KeyType(10)]
        public uint Label { get; set; }

        [VectorType(10)]
        public float[] Score { get; set; } = [];
    }

    private sealed class SetRow
    {
        public string[] PredictionSet { get; set; } = [];

        public int PredictionSetSize { get; set; }
    }
}
