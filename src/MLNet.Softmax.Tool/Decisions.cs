using System.Globalization;
using System.Text;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Tool;

/// <summary>The evaluated decisions.</summary>
/// <param name="Source">Where they come from, as a heading.</param>
/// <param name="Metrics">Their figures.</param>
/// <param name="Threshold">The threshold that they were made at, with and without it; null for others.</param>
internal sealed record DecisionResult(string Source, DecisionMetrics Metrics, ThresholdFit? Threshold)
{
    /// <summary>Tables of plain text.</summary>
    public override string ToString()
    {
        const int NameWidth = 24;
        var culture = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.AppendLine(culture, $"{Source}, {Metrics.RowsUsed} rows:");
        text.AppendLine(culture, $"{"",-30}{"value",9}   95 % interval");
        AddFigure(text, "Accuracy of the decisions", Metrics.Accuracy);
        AddFigure(text, "Share of rows with a decision", Metrics.Coverage);
        if (Metrics.MeanCost is { } cost)
            AddFigure(text, "Mean cost of a row", cost);
        if (Threshold is { } threshold)
        {
            var figure = threshold.PositiveClass is null ? "Precision" : "F1";
            text.AppendLine(
                culture, $"{figure} without and with the threshold: {threshold.Before.Value:F4} and {threshold.After.Value:F4}");
        }

        text.AppendLine();
        text.AppendLine(culture, $"{"class",-NameWidth}{"rows",10}{"decisions",11}   {"precision",-26}recall");
        foreach (var one in Metrics.Classes)
        {
            var name = one.Name.Length < NameWidth ? one.Name : $"{one.Name.AsSpan(0, NameWidth - 4)}...";
            text.AppendLine(
                culture, $"{name,-NameWidth}{one.Rows,10}{one.Decisions,11}   {Figure(one.Precision),-26}{Figure(one.Recall)}");
        }

        return text.ToString();
    }

    private static void AddFigure(StringBuilder text, string name, FigureWithInterval figure) => text.AppendLine(
        CultureInfo.InvariantCulture, $"{name,-30}{figure.Value,9:F4}   [{figure.Interval.Lower:F4}, {figure.Interval.Upper:F4}]");

    private static string Figure(FigureWithInterval figure) => double.IsNaN(figure.Value) ? "-" : string.Create(
        CultureInfo.InvariantCulture, $"{figure.Value:F4} [{figure.Interval.Lower:F4}, {figure.Interval.Upper:F4}]");
}

/// <summary>Evaluates the decisions in a column of the file, at a threshold, or of the lowest expected cost.</summary>
internal sealed class Decisions
{
    private readonly DecisionEvaluator _evaluator;
    private readonly DecisionRule? _rule;
    private readonly string _source;
    private readonly float? _threshold;

    private Decisions(ScoreReader reader, string source, DecisionRule? rule, float[,]? costs, ClassThreshold? threshold)
    {
        (_source, _rule, _threshold) = (source, rule, threshold?.Threshold);
        var positive = threshold?.Class is { } name ? (int?)reader.Layout.ClassNames.ToList().IndexOf(name) : null;
        _evaluator = new(reader.Layout.ClassNames, positive, costs);
    }

    /// <summary>Null if the command line asks for none.</summary>
    public static Decisions? Of(EvaluationSettings settings, ScoreReader reader)
    {
        var costs = settings.Costs is { } file ? CostTable.Read(file, reader.Layout.ClassNames) : null;
        if (settings.Layout.Decision is { } column)
            return new(reader, $"Decisions in column {column}", null, costs, null);
        if (settings.Threshold is { } threshold)
        {
            var of = threshold.Class ?? "the most probable class";
            return new(
                reader, string.Create(CultureInfo.InvariantCulture, $"Decisions at the threshold {threshold.Threshold:0.###} of {of}"),
                RuleOf(threshold, reader.Layout.ClassNames), costs, threshold);
        }

        return costs is null ? null : new(reader, "Decisions of lowest expected cost", DecisionRule.ByCosts(costs), costs, null);
    }

    /// <summary>Adds rows of probabilities.</summary>
    public void Add(ScoreBlock block)
    {
        for (var row = 0; row < block.Count; row++)
        {
            var probabilities = block.Row(row);
            _evaluator.Add(probabilities, block.Labels[row], _rule?.Decide(probabilities) ?? block.Decisions[row]);
        }
    }

    public DecisionResult Result()
    {
        var metrics = _evaluator.ToMetrics();
        return new(_source, metrics, _threshold is { } threshold ? metrics.OverThresholds with { Threshold = threshold } : null);
    }

    private static DecisionRule RuleOf(ClassThreshold threshold, IReadOnlyList<string> classNames)
    {
        if (threshold.Class is null)
            return DecisionRule.MostProbable(threshold.Threshold);
        var thresholds = new float[classNames.Count];
        Array.Fill(thresholds, float.NaN);
        var index = classNames.ToList().IndexOf(threshold.Class);
        if (index < 0)
        {
            throw new FormatException(
                $"--threshold names the class '{threshold.Class}', but the classes are {ScoreLayout.Shorten(classNames)}.");
        }

        thresholds[index] = threshold.Threshold;
        return DecisionRule.AtThresholds(thresholds);
    }
}
