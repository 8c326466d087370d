namespace MLNet.Softmax.Transforms;

/// <summary>How <c>Transforms.Decide</c> chooses a class: the most probable one unless thresholds or costs are given.</summary>
public sealed class DecisionOptions
{
    /// <summary>The column to add: a key with the class names as key values.</summary>
    public string OutputColumnName { get; set; } = "PredictedLabel";

    /// <summary>The column of probabilities: a vector of <see cref="float"/> of known size, one value per class.</summary>
    public string InputColumnName { get; set; } = "Probability";

    /// <summary>
    /// The threshold of each class that has one, from 0 to 1. Among the classes whose probability p reaches their threshold t, the one with
    /// the highest p / t is chosen. If none does, the most probable class without a threshold is chosen; if every class has one, the key is
    /// missing.
    /// </summary>
    public IReadOnlyDictionary<string, float> Thresholds { get; set; } = ImmutableDictionary<string, float>.Empty;

    /// <summary>
    /// Costs[a, k] is the cost of choosing class a if class k is true, negative for a gain. The class of least expected cost is chosen. One
    /// more row is the cost of abstaining. Null, the default, for no costs.
    /// </summary>
    public float[,]? Costs { get; set; }

    /// <summary>From 0 to 1. If the chosen class is less probable than this, the key is missing. 0, the default: never.</summary>
    public float MinimumConfidence { get; set; }

    /// <summary>
    /// Whether to add a <see cref="bool"/> column, named as the output with "IsSure" appended: false where the key is missing.
    /// </summary>
    public bool AddIsSure { get; set; }
}

/// <summary>The threshold of a class, and the index of the class at fit time, for data without class names.</summary>
internal readonly record struct ClassThreshold(string Class, int Index, float Threshold);

/// <summary>What a <see cref="DecideTransformer"/> keeps of its options, checked as far as that is possible without data.</summary>
internal sealed record DecisionSettings(
    string Output, string Input, bool AddIsSure, float MinimumConfidence, ImmutableArray<ClassThreshold> Thresholds, float[,]? Costs)
{
    public static DecisionSettings Of(DecisionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.InputColumnName);
        ArgumentNullException.ThrowIfNull(options.Thresholds);
        DecisionRule.CheckProbability(options.MinimumConfidence, "minimumConfidence", "The minimum confidence");
        foreach (var (name, threshold) in options.Thresholds)
            DecisionRule.CheckProbability(threshold, "threshold", $"The threshold of class '{name}'");
        if (options.Costs is { } costs)
        {
            if (options.Thresholds.Count > 0)
                throw new ArgumentException("Costs replace thresholds; give one of the two.", nameof(options));
            _ = DecisionRule.ByCosts(costs);
        }

        return new(
            options.OutputColumnName, options.InputColumnName, options.AddIsSure, options.MinimumConfidence,
            [.. options.Thresholds.Select(one => new ClassThreshold(one.Key, -1, one.Value))], (float[,]?)options.Costs?.Clone());
    }

    /// <summary>The settings with the place of each class that has a threshold among the classes of a column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A class is not among them, or the costs are for a different number of classes.
    /// </exception>
    public DecisionSettings Resolve(DataViewSchema.Column probabilities, int classCount)
    {
        if (Costs is not null && Costs.GetLength(1) != classCount)
        {
            throw SchemaChecks.Refused(
                $"The costs are a matrix of {Costs.GetLength(0)} x {Costs.GetLength(1)}, but column '{probabilities.Name}' has "
                + $"{classCount} classes. Give one row and one column a class, and optionally one more row for abstaining.");
        }

        // In data without class names, a class keeps the index found before.
        var isNamed = ClassLabels.Names(probabilities, classCount) is not null;
        return this with
        {
            Thresholds = [.. Thresholds.Select(one => one.Index >= 0 && one.Index < classCount && !isNamed
                ? one
                : one with { Index = ClassLabels.IndexOf(probabilities, classCount, one.Class) })],
        };
    }

    /// <summary>The thresholds of resolved settings, one a class: NaN for a class without one.</summary>
    public float[] ThresholdOfEachClass(int classCount)
    {
        var thresholds = new float[classCount];
        Array.Fill(thresholds, float.NaN);
        foreach (var one in Thresholds) thresholds[one.Index] = one.Threshold;
        return thresholds;
    }

    public DecisionRule ToRule(int classCount) => Costs is not null ? DecisionRule.ByCosts(Costs, MinimumConfidence)
        : Thresholds.IsEmpty ? DecisionRule.MostProbable(MinimumConfidence)
        : DecisionRule.AtThresholds(ThresholdOfEachClass(classCount), MinimumConfidence);
}
