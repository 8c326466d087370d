namespace MLNet.Softmax.Numerics.Tests;

/// <summary>Both sides of every limit of options and arguments: the last value that is allowed, and the first that is refused.</summary>
public sealed class LimitsTests
{
    private const double AboveZero = double.Epsilon;
    private const double BelowZero = -double.Epsilon;
    private const double Infinity = double.PositiveInfinity;
    private static readonly double BelowOne = double.BitDecrement(1);
    private static readonly double AboveOne = double.BitIncrement(1);
    private static readonly float TopProbability = 1 + ProbabilityBlock.Tolerance;

    private static readonly Dictionary<string, Action[]> Accepted = new()
    {
        ["temperature"] =
        [
            Temperature(new()), Temperature(new() { FixedTemperature = AboveZero }), Temperature(new() { MinimumTemperature = AboveZero }),
            Temperature(new() { MinimumTemperature = 1, MaximumTemperature = AboveOne }), Temperature(new() { MaximumIterations = 1 }),
            Temperature(new() { MaximumTemperature = double.MaxValue }), Temperature(new() { FixedTemperature = double.MaxValue }),
        ],
        ["scaling"] =
        [
            Scaling(new()), Scaling(new() { MaximumIterations = 1 }), Scaling(new() { GradientTolerance = AboveZero }),
            Scaling(new() { CrossValidationFolds = 0 }), Scaling(new() { CrossValidationFolds = 2 }),
            Scaling(new() { DiagonalRegularization = 0 }), Scaling(new() { OffDiagonalRegularization = 0 }),
            Scaling(new() { InterceptRegularization = 0 }), Scaling(new() { OffDiagonalRegularization = double.MaxValue }),
        ],
        ["prediction sets"] =
        [
            Sets(new()), Sets(new() { Method = PredictionSetMethod.Raps, Conditional = PredictionSetConditional.PerClass }),
            Sets(new() { Coverage = AboveZero }), Sets(new() { Coverage = BelowOne }), Sets(new() { RankPenalty = 0 }),
            Sets(new() { UnpenalizedRanks = 0 }), () => _ = new ConformityScores(2),
        ],
        ["bootstrap"] =
        [
            () => new BootstrapOptions().Resamples = 2, () => new BootstrapOptions().ConfidenceLevel = AboveZero,
            () => new BootstrapOptions().ConfidenceLevel = BelowOne, () => new BootstrapOptions().MaxDegreeOfParallelism = 1,
            () => new BootstrapOptions().MaxDegreeOfParallelism = -1,
        ],
        ["bins"] = [() => _ = new BinLayout(1), () => _ = new BinLayout(65_536, BinConvention.LowerInclusive)],
        ["goals"] =
        [
            () => ThresholdGoal.FBeta(AboveZero), () => ThresholdGoal.FBeta(double.MaxValue), () => ThresholdGoal.Precision(AboveZero),
            () => ThresholdGoal.Precision(1), () => ThresholdGoal.Recall(AboveZero), () => ThresholdGoal.Recall(1),
            () => ThresholdGoal.SelectiveRisk(AboveZero, BelowOne), () => ThresholdGoal.SelectiveRisk(BelowOne, AboveZero),
            () => ThresholdGoal.MeanCost(0, double.MaxValue), () => ThresholdGoal.MeanCost(double.MaxValue, 0),
            () => ThresholdGoal.MeanCostOfAbstaining(0), () => ThresholdGoal.MeanCostOfAbstaining(double.MaxValue),
        ],
        ["rules"] =
        [
            () => DecisionRule.MostProbable(0), () => DecisionRule.MostProbable(1), () => DecisionRule.AtThresholds([0, 1, float.NaN]),
            () => DecisionRule.ByCosts(new float[1, 1]), () => DecisionRule.ByCosts(new float[3, 2]),
            () => DecisionRule.ByCosts(new[,] { { float.MinValue, float.MaxValue }, { 0, 0 } }),
            () => TwoRows().Evaluate(0, ThresholdGoal.FBeta()), () => TwoRows().Evaluate(1, ThresholdGoal.FBeta()),
            () => _ = new ThresholdRows(2, 0), () => _ = new ThresholdRows(2, 1),
        ],
        ["rows"] =
        [
            () => CalibrationRows.OfLogits(2), () => CalibrationRows.OfProbabilities(65_535), Block(TopProbability), Block(0), Block(-0f),
            Block(1, label: 1), Block(1, weight: float.MaxValue), Block(1, weight: -0f), () => _ = new ProbabilityBlock([], 1, []),
            () => _ = new ProbabilityBlock([.5f, 0.5f], 1, [0, 0]),
            () => ConfusionTable.Compute(new ProbabilityBlock([], 16_384, [])),
            () => AdaptiveCalibrationError.Compute(new ProbabilityBlock([1f], 1, [0]), 1),
        ],
        ["curves"] = [Curve(0, 0), Curve(1, 1), Curve(float.MinValue, float.Epsilon)],
        ["networks"] = [() => _ = new NetworkShape(1, 1), () => _ = new NetworkShape(1, 1, 1)],
        ["softmax"] =
        [
            () => Softmax.Compute([1], new float[1], float.Epsilon), () => Softmax.Compute([1], new float[1], float.MaxValue),
            Smoothing(0), Smoothing(1), Weight(0), Weight(float.MaxValue),
            () => CrossEntropy.Loss([1, 2], 0), () => CrossEntropy.Loss([1, 2], 1),
            () => TopK.Rows([1f], 1, 1, new int[1], new float[1], -1), () => TopK.Rows([1f], 1, 1, new int[1], new float[1], 1),
            () => TopK.Rows([], 0, 1, [], []), () => Softmax.Rows([], 0, []),
        ],
    };

    private static readonly Dictionary<string, Action[]> Refused = new()
    {
        ["temperature"] =
        [
            .. ((double[])[0, BelowZero, Infinity, double.NaN]).SelectMany(value => (Action[])
                [Temperature(new() { FixedTemperature = value }), Temperature(new() { MinimumTemperature = value })]),
            Temperature(new() { MinimumTemperature = 1, MaximumTemperature = 1 }), Temperature(new() { MaximumTemperature = Infinity }),
            Temperature(new() { MaximumTemperature = double.NaN }), Temperature(new() { MaximumIterations = 0 }),
        ],
        ["scaling"] =
        [
            .. ((double[])[BelowZero, Infinity, double.NaN]).SelectMany(value => (Action[])
            [
                Scaling(new() { DiagonalRegularization = value }), Scaling(new() { OffDiagonalRegularization = value }),
                Scaling(new() { InterceptRegularization = value }),
            ]),
            Scaling(new() { MaximumIterations = 0 }), Scaling(new() { GradientTolerance = 0 }),
            Scaling(new() { GradientTolerance = double.NaN }), Scaling(new() { CrossValidationFolds = 1 }),
            Scaling(new() { CrossValidationFolds = -1 }),
        ],
        ["prediction sets"] =
        [
            Sets(new() { Method = (PredictionSetMethod)3 }), Sets(new() { Conditional = (PredictionSetConditional)2 }),
            Sets(new() { Coverage = 0 }), Sets(new() { Coverage = 1 }), Sets(new() { Coverage = double.NaN }),
            Sets(new() { RankPenalty = BelowZero }), Sets(new() { RankPenalty = Infinity }), Sets(new() { UnpenalizedRanks = -1 }),
            () => _ = new ConformityScores(1),
        ],
        ["bootstrap"] =
        [
            () => new BootstrapOptions().Resamples = 1, () => new BootstrapOptions().ConfidenceLevel = 0,
            () => new BootstrapOptions().ConfidenceLevel = 1, () => new BootstrapOptions().MaxDegreeOfParallelism = 0,
            () => new BootstrapOptions().MaxDegreeOfParallelism = -2,
        ],
        ["bins"] = [() => _ = new BinLayout(0), () => _ = new BinLayout(65_537), () => _ = new BinLayout(15, (BinConvention)2)],
        ["goals"] =
        [
            () => ThresholdGoal.FBeta(0), () => ThresholdGoal.FBeta(Infinity), () => ThresholdGoal.Precision(0),
            () => ThresholdGoal.Precision(AboveOne), () => ThresholdGoal.Recall(0), () => ThresholdGoal.Recall(AboveOne),
            () => ThresholdGoal.SelectiveRisk(0), () => ThresholdGoal.SelectiveRisk(1), () => ThresholdGoal.SelectiveRisk(0.5, 0),
            () => ThresholdGoal.SelectiveRisk(0.5, 1), () => ThresholdGoal.MeanCost(BelowZero, 0),
            () => ThresholdGoal.MeanCost(0, Infinity), () => ThresholdGoal.MeanCostOfAbstaining(BelowZero),
            () => ThresholdGoal.MeanCostOfAbstaining(double.NaN),
        ],
        ["rules"] =
        [
            () => DecisionRule.MostProbable(-float.Epsilon), () => DecisionRule.MostProbable(MathF.BitIncrement(1)),
            () => DecisionRule.MostProbable(float.NaN), () => DecisionRule.AtThresholds([0, -float.Epsilon]),
            () => DecisionRule.AtThresholds([MathF.BitIncrement(1)]), () => DecisionRule.ByCosts(new float[0, 0]),
            () => DecisionRule.ByCosts(new float[1, 0]), () => DecisionRule.ByCosts(new float[1, 2]),
            () => DecisionRule.ByCosts(new[,] { { 0, float.PositiveInfinity }, { 0, 0 } }),
            () => TwoRows().Evaluate(-float.Epsilon, ThresholdGoal.FBeta()),
            () => TwoRows().Evaluate(MathF.BitIncrement(1), ThresholdGoal.FBeta()),
            () => TwoRows().Evaluate(0.5f, ThresholdGoal.SelectiveRisk(0.5)), () => TwoRows().Evaluate(0.5f, null!),
            () => _ = new ThresholdRows(1), () => _ = new ThresholdRows(2, -1), () => _ = new ThresholdRows(2, 2),
            () => DecisionRule.ByCosts(null!),
        ],
        ["rows"] =
        [
            () => CalibrationRows.OfLogits(1), () => CalibrationRows.OfProbabilities(65_536), Block(MathF.BitIncrement(TopProbability)),
            Block(-float.Epsilon), Block(1, label: 2), Block(1, label: -1), Block(1, weight: -float.Epsilon),
            Block(1, weight: float.PositiveInfinity), () => _ = new ProbabilityBlock([], 0, []),
            () => ConfusionTable.Compute(new ProbabilityBlock([], 16_385, [])),
            () => AdaptiveCalibrationError.Compute(new ProbabilityBlock([1f], 1, [0]), 0),
        ],
        ["curves"] =
        [
            Curve(0, -float.Epsilon), Curve(0, MathF.BitIncrement(1)), Curve(float.NegativeInfinity, 0),
            () => _ = new IsotonicCurve([0, 0], [0, 0]), () => _ = new IsotonicCurve([0, 1], [1, MathF.BitDecrement(1)]),
            () => _ = new IsotonicCurve([], []), () => _ = new IsotonicCurve([0], [0, 1]), () => _ = new IsotonicCurve([0], default),
            () => IsotonicCalibration.Apply([1, 0], [new([0], [0])], new float[2]),
            () => IsotonicCalibration.Apply([1, 0], [new([0], [0]), new([0], [0])], new float[1]),
        ],
        ["networks"] =
        [
            () => _ = new NetworkShape(0, 1), () => _ = new NetworkShape(1, 0), () => _ = new NetworkShape(1, 0, 1),
            () => _ = new NetworkShape(1, 1, -1), () => _ = new NetworkShape(1),
        ],
        ["softmax"] =
        [
            () => Softmax.Compute([1], new float[1], 0), () => Softmax.Compute([1], new float[1], -float.Epsilon),
            Smoothing(-float.Epsilon), Smoothing(MathF.BitIncrement(1)), Weight(-float.Epsilon), Weight(float.PositiveInfinity),
            () => CrossEntropy.Loss([1, 2], 2), () => CrossEntropy.Loss([1, 2], -1),
            () => TopK.Rows([1f], 1, 1, new int[1], new float[1], 0), () => TopK.Rows([1f], 1, 1, new int[1], new float[1], -2),
            () => TopK.Rows([1f], 1, 0, new int[1], new float[1]), () => TopK.Rows([1f], 1, 2, [], new float[1]),
            () => TopK.Rows([1f], 1, 2, new int[1], []), () => Softmax.Rows([], -1, []), () => Softmax.Rows([1], 0, new float[1]),
        ],
    };

    public static TheoryData<string> Kinds => [.. Accepted.Keys.Union(Refused.Keys)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ValueAtALimit_IsAllowedOnOneSideAndRefusedOnTheOther(string kind)
    {
        foreach (var allowed in Accepted[kind])
            allowed();
        for (var index = 0; index < Refused[kind].Length; index++)
        {
            var error = Assert.ThrowsAny<ArgumentException>(Refused[kind][index]);
            Assert.False(string.IsNullOrEmpty(error.ParamName), $"{kind} {index}: {error.Message}");
            ApprovedMessages.Check(error);
        }
    }

    private static Action Temperature(TemperatureScalingOptions options) => options.Validate;

    private static Action Scaling(ScalingOptions options) => options.Validate;

    private static Action Sets(PredictionSetOptions options) => options.Validate;

    private static Action Block(float probability, int label = 0, float weight = 1) =>
        () => _ = new ProbabilityBlock([0.5f, 0.5f, probability, 0], 2, [0, label], [1, weight]);

    private static Action Curve(float input, float output) => () => _ = new IsotonicCurve([input], [output]);

    private static Action Smoothing(float smoothing) => () => CrossEntropy.Loss([1, 2], 0, new() { LabelSmoothing = smoothing });

    private static Action Weight(float weight) => () => CrossEntropy.Loss([1, 2], 0, new() { ClassWeights = new[] { 1, weight } });

    private static ThresholdRows TwoRows()
    {
        var rows = new ThresholdRows(2, 0);
        rows.Add([0.9f, 0.1f], 0);
        rows.Add([0.2f, 0.8f], 1);
        return rows;
    }
}
