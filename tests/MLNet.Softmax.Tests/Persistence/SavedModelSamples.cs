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

    /// <summary>Transformers that no fit gives, and what the error says that it found in their model files.</summary>
    public static IEnumerable<(RowToRowTransformer Transformer, string Found)> Impossible()
    {
        var one = new ClassThreshold("1", 1, 0.15f);
        foreach (var (confidence, threshold) in ((float, ClassThreshold)[])[
            (-0.1f, one), (1.1f, one), (float.NaN, one), (1, one with { Threshold = 1.1f }), (0, one with { Index = -1 })])
        {
            yield return (Decide(confidence, threshold, null), "a threshold that is not from 0 to 1, or of no class");
        }

        yield return (Decide(0, one, null, Threshold with { Threshold = 1.1f }), "a threshold that is not from 0 to 1, or of no class");
        yield return (Decide(0, one, null, Threshold with { PositiveClass = -2 }), "a threshold that is not from 0 to 1, or of no class");
        yield return (Decide(0, one, new float[,] { { 0, float.NaN }, { 1, 0 } }), "cost");
        yield return (Matrix(Fit with { Weights = [1, 0, 1] }), "3 weights and 3 intercepts");
        yield return (Matrix(Fit with { Weights = [1], Intercepts = [0] }), "1 weights and 1 intercepts");
        yield return (Matrix(Fit with { Weights = [1, 0, 0, 0, 1, 0, 0, 0, double.NaN] }), "weights that are not finite");
        yield return (Matrix(Fit with { Intercepts = [1, 0, double.PositiveInfinity] }), "weights that are not finite");
        yield return (Matrix(Fit with { MaskDistance = 0 }), "the distance 0 of masks");
        yield return (
            new VectorScalingCalibratorTransformer(Columns, Fit with { Weights = [1, 2] }), "2 weights and 3 intercepts");
        yield return (new DirichletCalibratorTransformer(Columns, Fit with { Weights = [1, 2, 3] }), "3 weights and 3 intercepts");
        yield return (new IsotonicCalibratorTransformer(Columns, new([Curve(0.1f)], 1.5, 1.25, 100, LeftOut)), "1 curves");
        var sets = new PredictionSetFit(PredictionSetMethod.Raps, 0.9, 0.95, false, true, 0.01, 2, 5, 100, LeftOut);
        yield return (Sets(1, sets), "1 classes");
        yield return (Sets(3, sets with { Coverage = 1 }), "the coverage 1 and the threshold 0.95");
        yield return (Sets(3, sets with { Coverage = 0 }), "the coverage 0 and the threshold 0.95");
        yield return (Sets(3, sets with { Threshold = double.NaN }), "the coverage 0.9 and the threshold NaN");
        yield return (Sets(3, sets with { ClassThresholds = [0.1, 0.2] }), "thresholds that do not match the classes");
        yield return (Sets(3, sets with { ClassThresholds = [0.1, 0.2, double.NaN] }), "thresholds that do not match the classes");
        yield return (Sets(3, sets with { RankPenalty = -1 }), "the rank penalty -1 beyond 2 ranks");
        yield return (Sets(3, sets with { RankPenalty = double.PositiveInfinity }), "the rank penalty Infinity beyond 2 ranks");
        yield return (Sets(3, sets with { UnpenalizedRanks = -3 }), "the rank penalty 0.01 beyond -3 ranks");
    }

    private static DecideTransformer Decide(float confidence, ClassThreshold threshold, float[,]? costs, ThresholdFit? fit = null) =>
        new(new("Decided", "Score", true, confidence, [threshold], costs), fit);

    private static MatrixScalingCalibratorTransformer Matrix(ScalingFit fit) => new(Columns, fit);

    private static PredictionSetTransformer Sets(int classCount, PredictionSetFit fit) => new("Set", "Score", classCount, fit);

    private static IsotonicCurve Curve(float lowest) => new([0.1f, 0.5f, 0.8f], [lowest, 0.5f, 0.9f]);
}
