namespace MLNet.Softmax.Tests;

/// <summary>For each transformer, the one that its saved models hold, and rows to try it on. What a sample is must never change.</summary>
internal static class SavedModelSamples
{
    private static readonly MemoryView ScoreRows = new MemoryView()
        .WithScores("Score", [3], Scores.LogitRows(5), Labels.SlotNames("ant", "bee", "cat"));

    private static readonly MemoryView ProbabilityRows = new MemoryView()
        .WithScores("Score", [3], [[0.7f, 0.2f, 0.1f], [0.1f, 0.05f, 0.85f], [0.4f, 0.3f, 0.3f]]);

    private static readonly CalibratedColumns Columns = new("Probability", "Score", ScoreKind.Logits);

    private static readonly RowsLeftOut LeftOut = new(1, 2, 3, 4, 5);

    private static readonly ScalingFit Fit = new(
        [1, -0.5, 0.25, 0, 0.75, 0.125, -1, 0.5, 1.25], [0.5, -0.25, 0], 1.75, 1.5, 1.25, 100, LeftOut, 7, FitOutcome.Converged, null);

    private static readonly ThresholdFit Threshold = new(
        ThresholdGoal.FBeta(2), 1, 0.15f, new(0.5, new(0.4, 0.6, 0.95)), new(0.75, new(0.7, 0.8, 0.95)), null, 100, LeftOut, []);

    public static (RowToRowTransformer Transformer, IDataView Data) Of(string loaderSignature) => loaderSignature switch
    {
        "Softmax.Softmax" => (new SoftmaxTransformer("Probability", "Score", 1.5f, ScoreKind.Logits), ScoreRows),
        "Softmax.LogSoftmax" => (new LogSoftmaxTransformer("Log", "Score", 0.5f, ScoreKind.Probabilities), ScoreRows),
        "Softmax.TopK" => (new TopKTransformer("Top", "Score", 2, null), ScoreRows),
        "Softmax.Decide" => (
            new DecideTransformer(new("Decided", "Score", true, 0.25f, [new("1", 1, 0.15f)], null), Threshold), ProbabilityRows),
        "Softmax.Temperature" =>
            (new TemperatureCalibratorTransformer(Columns, new(1.75, 1.5, 1.25, 100, LeftOut, 7, FitOutcome.Converged)), ScoreRows),
        "Softmax.VectorScaling" => (new VectorScalingCalibratorTransformer(Columns, Fit with { Weights = [0.5, 1, 2] }), ScoreRows),
        "Softmax.MatrixScaling" => (new MatrixScalingCalibratorTransformer(Columns, Fit), ScoreRows),
        "Softmax.Dirichlet" => (new DirichletCalibratorTransformer(Columns, Fit), ScoreRows),
        "Softmax.Isotonic" =>
            (new IsotonicCalibratorTransformer(Columns, new([Curve(0.1f), Curve(0.2f), Curve(0.3f)], 1.5, 1.25, 100, LeftOut)), ScoreRows),
        "Softmax.PredictionSet" => (new PredictionSetTransformer(
            "PredictionSet", "Score", 3, new(PredictionSetMethod.Raps, 0.9, 0.95, false, true, 0.01, 2, 5, 100, LeftOut)), ProbabilityRows),
        _ => throw new ArgumentOutOfRangeException(nameof(loaderSignature), loaderSignature, "Add a sample of this transformer."),
    };

    private static IsotonicCurve Curve(float lowest) => new([0.1f, 0.5f, 0.8f], [lowest, 0.5f, 0.9f]);
}
