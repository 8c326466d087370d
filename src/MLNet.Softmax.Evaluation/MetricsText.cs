using System.Text;

namespace MLNet.Softmax.Evaluation;

/// <summary>An evaluation as tables of plain text.</summary>
internal static class MetricsText
{
    private const int MostClasses = 20;
    private const int NameWidth = 24;
    private const int LineWidth = 100;
    private static readonly int[] ShownRanks = [2, 3, 5, 10];
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private static readonly string[] Names =
    [
        "Log-loss", "Log-loss reduction", "Brier score", "Accuracy", "Macro accuracy", "Macro precision", "Macro F1",
        "Matthews correlation", "Cohen's kappa", "Expected calibration error", "Maximum calibration error", "Risk-coverage area",
    ];

    public static string Name(HeadlineMetric metric) => Names[(int)metric];

    public static string Of(ProbabilityMetrics metrics)
    {
        var text = new StringBuilder();
        text.Append(Culture, $"{metrics.RowsUsed} rows of {metrics.ClassCount} classes");
        if (metrics.IsWeighted)
            text.Append(Culture, $", total weight {metrics.TotalWeight:G6}");
        text.AppendLine();
        AddWrapped(text, "Rows left out: " + metrics.RowsLeftOut);
        foreach (var warning in metrics.Warnings)
            AddWrapped(text, "Note: " + warning);
        if (metrics.ImpossibleRows > 0)
        {
            text.AppendLine(
                Culture, $"Rows whose true class has probability 0: {metrics.ImpossibleRows}; each counts with a log-loss of 87.3");
        }
        text.AppendLine();
        AddHeadline(text, metrics);
        text.AppendLine();
        AddClasses(text, metrics);
        return text.ToString();
    }

    private static void AddHeadline(StringBuilder text, ProbabilityMetrics metrics)
    {
        text.AppendLine(Culture, $"{"",-30}{"value",9}   {metrics.ConfidenceLevel:P0} interval ({metrics.IntervalMethod})");
        foreach (var metric in Enum.GetValues<HeadlineMetric>())
        {
            text.Append(Culture, $"{Name(metric),-30}{metrics[metric],9:F4}");
            if (metrics.IntervalOf(metric) is { } interval)
                text.Append(Culture, $"   [{interval.Lower:F4}, {interval.Upper:F4}]");
            text.AppendLine();
        }

        AddLine(text, "Classwise calibration error", metrics.ClasswiseCalibrationError);
        AddLine(text, "Adaptive calibration error", metrics.AdaptiveCalibrationError);
        AddLine(text, "Macro ROC AUC", metrics.MacroRocAuc);
        AddLine(text, "Mean confidence", metrics.MeanConfidence);
        foreach (var k in ShownRanks.Where(k => k < metrics.ClassCount))
            AddLine(text, $"Top-{k} accuracy", metrics.TopKAccuracy[k - 1]);
    }

    private static void AddWrapped(StringBuilder text, string sentences)
    {
        var length = 0;
        foreach (var word in sentences.Split(' '))
        {
            var isFirst = length == 0 || length + 1 + word.Length > LineWidth;
            if (length > 0)
                text.Append(isFirst ? Environment.NewLine : " ");
            length = isFirst ? word.Length : length + 1 + word.Length;
            text.Append(word);
        }

        text.AppendLine();
    }

    private static void AddLine(StringBuilder text, string name, double? value)
    {
        if (value is not null)
            text.AppendLine(Culture, $"{name,-30}{value,9:F4}");
    }

    private static void AddClasses(StringBuilder text, ProbabilityMetrics metrics)
    {
        IEnumerable<ClassMetrics> classes = metrics.Classes;
        if (metrics.ClassCount > MostClasses)
        {
            text.AppendLine(Culture, $"The {MostClasses} classes of the lowest F1:");
            classes = classes.OrderBy(one => one.F1).Take(MostClasses);
        }

        var auc = metrics.MacroRocAuc is null ? "" : "  ROC AUC";
        text.AppendLine(Culture,
            $"{"class",-NameWidth}{"rows",10}{"precision",11}{"recall",9}{"F1",9}{"log-loss",10}{"calibration",13}{auc}");
        foreach (var one in classes)
        {
            text.Append(Culture, $"{Shorten(one.Name),-NameWidth}{one.Weight,10:0.##}{one.Precision,11:F4}{one.Recall,9:F4}{one.F1,9:F4}");
            text.Append(Culture, $"{one.LogLoss,10:F4}{one.CalibrationError,13:F4}");
            text.AppendLine(one.RocAuc is { } area ? area.ToString("F4", Culture).PadLeft(9) : "");
        }
    }

    private static string Shorten(string name) => name.Length < NameWidth ? name : $"{name.AsSpan(0, NameWidth - 4)}... ";
}
