namespace MLNet.Softmax.Tests.Calibration;

/// <summary>A column of weights through every calibrator: weight n gives the fit of n equal rows.</summary>
public sealed class ExampleWeightTests
{
    private readonly MLContext _mlContext = new(1);

    public static TheoryData<string> Kinds => ["Temperature", "VectorScaling", "MatrixScaling", "Dirichlet", "Isotonic", "PredictionSet"];

    private MulticlassCalibratorsCatalog Calibrators => _mlContext.MulticlassClassification.Calibrators;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_ExampleWeights_GiveTheFitOfRepeatedRowsAndItsResultInCalibration(string kind)
    {
        var (weighted, repeated) = (Rows(row => 1 + row % 3, repeat: false), Rows(row => 1 + row % 3, repeat: true));
        var expected = Create(kind, null).Fit(repeated).Transform(weighted);
        var transformer = Create(kind, "Weight").Fit(weighted);
        var actual = transformer.Transform(weighted);
        Assert.Equal(300, CalibrationOf(transformer).RowsUsed);
        if (kind == "PredictionSet")
        {
            Assert.Equal(expected.GetColumn<string[]>("PredictionSet"), actual.GetColumn<string[]>("PredictionSet"));
            return;
        }
        foreach (var (a, b) in expected.Column("Probability").Zip(actual.Column("Probability")))
            Scores.AssertClose(a.Select(p => (double)p), b, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_WeightsThatCountNothing_AreLeftOutByReason(string kind)
    {
        var rows = Rows(row => (row % 10) switch { 0 => 0, 1 => float.NaN, 2 => -1, _ => 2 }, repeat: false);
        var transformer = Create(kind, "Weight").Fit(rows);
        var leftOut = CalibrationOf(transformer).RowsLeftOut;
        Assert.Equal(new RowsLeftOut(0, 0, 0, InvalidWeight: 60, ZeroWeight: 30), leftOut);
        Assert.Equal(leftOut, CalibrationOf(Scores.SaveAndLoad(transformer, rows.Schema)).RowsLeftOut);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_WeightColumnMissingOrOfAnotherType_NamesIt(string kind)
    {
        var rows = Rows(_ => 1, repeat: false);
        Refusal.Of<ArgumentOutOfRangeException>(() => Create(kind, "Importance").Fit(rows), "Column 'Importance' is missing");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => Create(kind, "Label").Fit(rows), "Column 'Label' is Key<UInt32, 0-2>, but a weight of type Single is expected");

        // Before a row is read.
        Assert.Equal(0, rows.RowsVisited);

        // A chain compares the shapes of its steps before it fits them.
        var pipeline = _mlContext.Transforms.CopyColumns("Scores", "Score").Append(Create(kind, "Scores"));
        Refusal.Of<ArgumentOutOfRangeException>(
            () => pipeline.Fit(rows), "Column 'Scores' is Vector<Single>, but a weight of type Single is expected");
        Refusal.Of<ArgumentException>(() => Create(kind, ""));
    }

    [Fact]
    public void CrossFit_ExampleWeights_ReachTheCalibrator()
    {
        var (data, rows) = KeptRow.Draw(_mlContext, 300);
        foreach (var row in rows)
            row.Weight = row.Label == 0 ? 5 : 0.5f;

        // The trainer gives every row the same scores, whatever it was fitted on.
        var trainer = _mlContext.Transforms.CopyColumns("Score", "Unseen");
        VectorScalingCalibratorTransformer Fit(string? weight) => Calibrators.CrossFit(
            trainer,
            Calibrators.VectorScaling(exampleWeightColumnName: weight, scoreKind: ScoreKind.Logits),
            folds: 3,
            exampleWeightColumnName: weight).Fit(data).LastTransformer;

        var expected = VectorScaling.Fit(CalibrationRows.FromLogits(
            [.. rows.SelectMany(row => row.Unseen)], [.. rows.Select(row => (int)row.Label)], 3, [.. rows.Select(row => row.Weight)]));
        var weighted = Fit("Weight").Calibration;
        Assert.Equal(expected.LossAfter, weighted.LossAfter, 1e-6);
        Assert.Equal(expected.Intercepts[0] - expected.Intercepts[1], weighted.Intercepts[0] - weighted.Intercepts[1], 1e-3);
        Assert.True(Math.Abs(Fit(null).Calibration.LossAfter - expected.LossAfter) > 0.01);

        Refusal.Of<ArgumentOutOfRangeException>(
            () => Calibrators.CrossFit(trainer, Calibrators.Temperature(), exampleWeightColumnName: "Importance").Fit(data),
            "Column 'Importance' is missing");
        Refusal.Of<ArgumentException>(() => Calibrators.CrossFit(trainer, Calibrators.Temperature(), exampleWeightColumnName: ""));
    }

    private static (long RowsUsed, RowsLeftOut RowsLeftOut) CalibrationOf(ITransformer transformer) => transformer switch
    {
        TemperatureCalibratorTransformer { Calibration: var fit } => (fit.RowsUsed, fit.RowsLeftOut),
        VectorScalingCalibratorTransformer { Calibration: var fit } => (fit.RowsUsed, fit.RowsLeftOut),
        MatrixScalingCalibratorTransformer { Calibration: var fit } => (fit.RowsUsed, fit.RowsLeftOut),
        DirichletCalibratorTransformer { Calibration: var fit } => (fit.RowsUsed, fit.RowsLeftOut),
        IsotonicCalibratorTransformer { Calibration: var fit } => (fit.RowsUsed, fit.RowsLeftOut),
        PredictionSetTransformer { Calibration: var fit } => (fit.RowsUsed, fit.RowsLeftOut),
        _ => throw new ArgumentOutOfRangeException(nameof(transformer), transformer, "Add this calibrator."),
    };

    /// <summary>300 rows of logits, their softmax and weights; or each row as often as its weight says, without weights.</summary>
    private static MemoryView Rows(Func<int, float> weightOf, bool repeat)
    {
        var drawn = CalibrationViews.Drawn(300, 2);
        var (labels, scores) = (drawn.GetColumn<uint>("Label").ToArray(), drawn.Column("Score"));
        float[][] probabilities = [.. scores.Select(row => Scores.NaiveSoftmax(row).Select(p => (float)p).ToArray())];
        int[] rows = [.. Enumerable.Range(0, 300).SelectMany(row => Enumerable.Repeat(row, repeat ? (int)weightOf(row) : 1))];
        var view = CalibrationViews.Labelled([.. rows.Select(row => labels[row])], [.. rows.Select(row => scores[row])], ["a", "b", "c"])
            .WithScores("P", [3], [.. rows.Select(row => probabilities[row])], Labels.SlotNames("a", "b", "c"));
        return repeat ? view : view.With("Weight", NumberDataViewType.Single, [.. rows.Select(weightOf)]);
    }

    /// <summary>Repeated rows fall into other folds, and the default tolerance leaves the parameters exact to 4 digits.</summary>
    private IEstimator<ITransformer> Create(string kind, string? weight) =>
        CalibrationViews.Create(Calibrators, kind, weight, new() { CrossValidationFolds = 0, GradientTolerance = 1e-8 });
}
