namespace Microsoft.ML;

/// <summary>
/// The goal of a fitted threshold. With a positive class, a row is answered with that class if its probability reaches the threshold.
/// Without one, a row is answered with its most probable class if that probability reaches the threshold, and otherwise not at all.
/// </summary>
/// <remarks>The type is in ML.NET's namespace for extension methods. The type itself does not use ML.NET.</remarks>
public sealed record ThresholdGoal
{
    private ThresholdGoal(ThresholdGoalKind kind, double wanted, double other = 0) => (Kind, Wanted, Other) = (kind, wanted, other);

    /// <summary>
    /// The highest mean of two shares: positive rows that reach the threshold, and other rows that do not. Needs a positive class.
    /// </summary>
    public static ThresholdGoal BalancedAccuracy { get; } = new(ThresholdGoalKind.BalancedAccuracy, 0);

    /// <summary>The figure, and whether it is maximised, minimised or bounded.</summary>
    internal ThresholdGoalKind Kind { get; }

    /// <summary>The wanted share, beta, or the cost of a false positive or of abstaining.</summary>
    internal double Wanted { get; }

    /// <summary>Delta: the bound on the risk has the confidence 1 - delta. For costs, the cost of a false negative.</summary>
    internal double Other { get; }

    /// <summary>The name of the goal's figure.</summary>
    internal string FigureName => Kind switch
    {
        ThresholdGoalKind.BalancedAccuracy => "Balanced accuracy",
        ThresholdGoalKind.FBeta => string.Create(CultureInfo.InvariantCulture, $"F{Wanted}"),
        ThresholdGoalKind.Precision => "Precision",
        ThresholdGoalKind.Recall => "Recall",
        ThresholdGoalKind.SelectiveRisk => "Risk: wrong among the answers",
        _ => "Mean cost",
    };

    /// <summary>Whether the goal requires a positive class.</summary>
    internal bool NeedsPositiveClass =>
        Kind is ThresholdGoalKind.FBeta or ThresholdGoalKind.BalancedAccuracy or ThresholdGoalKind.MeanCost;

    /// <summary>Whether the goal requires that there is no positive class.</summary>
    internal bool NeedsAbstaining => Kind is ThresholdGoalKind.SelectiveRisk or ThresholdGoalKind.MeanCostOfAbstaining;

    /// <summary>
    /// The highest F-beta, (1 + beta^2) tp / ((1 + beta^2) tp + beta^2 fn + fp). Needs a positive class.
    /// </summary>
    /// <param name="beta">How much more recall counts than precision; finite and above 0.</param>
    /// <returns>The goal.</returns>
    /// <exception cref="ArgumentOutOfRangeException">beta is not finite and above 0.</exception>
    public static ThresholdGoal FBeta(double beta = 1) => beta > 0 && double.IsFinite(beta)
        ? new(ThresholdGoalKind.FBeta, beta)
        : throw Refused(beta, nameof(beta), "a finite number above 0");

    /// <summary>The lowest threshold at which at least this share of the answers are right.</summary>
    /// <param name="atLeast">Above 0, at most 1.</param>
    /// <returns>The goal.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of its range.</exception>
    public static ThresholdGoal Precision(double atLeast) => new(ThresholdGoalKind.Precision, Share(atLeast, nameof(atLeast)));

    /// <summary>
    /// The highest threshold at which at least this share of the rows of the positive class (without one, of the right answers) are
    /// answered. The lowest such threshold would always be 0.
    /// </summary>
    /// <param name="atLeast">Above 0, at most 1.</param>
    /// <returns>The goal.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of its range.</exception>
    public static ThresholdGoal Recall(double atLeast) => new(ThresholdGoalKind.Recall, Share(atLeast, nameof(atLeast)));

    /// <summary>
    /// The lowest confidence found at which at most this share of the answers to new rows are wrong, with probability 1 - delta over the
    /// draw of the held-out rows (Y. Geifman and R. El-Yaniv, "Selective classification for deep neural networks", 2017). For abstaining.
    /// The rows must have no weights and must be drawn independently, like new rows.
    /// </summary>
    /// <param name="atMost">Above 0, below 1.</param>
    /// <param name="delta">Above 0, below 1.</param>
    /// <returns>The goal.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static ThresholdGoal SelectiveRisk(double atMost, double delta = 0.05) =>
        new(ThresholdGoalKind.SelectiveRisk, Inner(atMost, nameof(atMost)), Inner(delta, nameof(delta)));

    /// <summary>The least mean cost of a row. Needs a positive class.</summary>
    /// <param name="falsePositive">What it costs to answer a row of another class with the positive one; finite and at least 0.</param>
    /// <param name="falseNegative">What it costs to miss a row of the positive class; finite and at least 0.</param>
    /// <returns>The goal.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A cost is negative, NaN or infinite.</exception>
    public static ThresholdGoal MeanCost(double falsePositive, double falseNegative) => new(
        ThresholdGoalKind.MeanCost, Cost(falsePositive, nameof(falsePositive)), Cost(falseNegative, nameof(falseNegative)));

    /// <summary>The lowest mean cost of a row if a wrong answer costs 1 and abstaining costs this much (C. K. Chow, 1970).</summary>
    /// <param name="abstention">Finite and at least 0.</param>
    /// <returns>The goal.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The cost is negative, NaN or infinite.</exception>
    public static ThresholdGoal MeanCostOfAbstaining(double abstention) =>
        new(ThresholdGoalKind.MeanCostOfAbstaining, Cost(abstention, nameof(abstention)));

    /// <summary>The goal in words, the same in every culture.</summary>
    /// <returns>For example "precision of at least 0.9".</returns>
    public override string ToString() => Kind switch
    {
        ThresholdGoalKind.BalancedAccuracy => "highest balanced accuracy",
        ThresholdGoalKind.FBeta => FormattableString.Invariant($"highest F{Wanted}"),
        ThresholdGoalKind.Precision => FormattableString.Invariant($"precision of at least {Wanted}"),
        ThresholdGoalKind.Recall => FormattableString.Invariant($"recall of at least {Wanted}"),
        ThresholdGoalKind.SelectiveRisk => FormattableString.Invariant($"selective risk of at most {Wanted} with confidence {1 - Other}"),
        ThresholdGoalKind.MeanCost =>
            FormattableString.Invariant($"least mean cost where a false positive costs {Wanted} and a false negative {Other}"),
        _ => FormattableString.Invariant($"least mean cost where a wrong answer costs 1 and no answer {Wanted}"),
    };

    /// <summary>Creates a goal from the values in a model file; null if there is no such goal.</summary>
    internal static ThresholdGoal? Of(ThresholdGoalKind kind, double wanted, double other)
    {
        try
        {
            return kind switch
            {
                ThresholdGoalKind.BalancedAccuracy => BalancedAccuracy,
                ThresholdGoalKind.FBeta => FBeta(wanted),
                ThresholdGoalKind.Precision => Precision(wanted),
                ThresholdGoalKind.Recall => Recall(wanted),
                ThresholdGoalKind.SelectiveRisk => SelectiveRisk(wanted, other),
                ThresholdGoalKind.MeanCost => MeanCost(wanted, other),
                _ => MeanCostOfAbstaining(wanted),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static double Share(double value, string name) => value is > 0 and <= 1
        ? value : throw Refused(value, name, "a share above 0 and at most 1");

    private static double Inner(double value, string name) => value is > 0 and < 1
        ? value : throw Refused(value, name, "a value above 0 and below 1");

    private static double Cost(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value : throw Refused(value, name, "a finite cost of at least 0");

    private static ArgumentOutOfRangeException Refused(double value, string name, string expected) => new(
        name, value, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; {expected} is expected."));
}

/// <summary>The kinds of goals; model files hold their numbers.</summary>
internal enum ThresholdGoalKind
{
    BalancedAccuracy = 0,
    FBeta = 1,
    Precision = 2,
    Recall = 3,
    SelectiveRisk = 4,
    MeanCost = 5,
    MeanCostOfAbstaining = 6,
}
