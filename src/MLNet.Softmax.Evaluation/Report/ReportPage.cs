using MLNet.Softmax.Evaluation.Charts;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>The report from top to bottom.</summary>
internal static class ReportPage
{
    private static readonly string ReportSheet = StyleSheet.Read("report.css");

    /// <summary>Writes a complete HTML document.</summary>
    public static void Write(TextWriter writer, ProbabilityMetrics metrics, ProbabilityReportOptions options)
    {
        var markup = new MarkupWriter(writer);
        markup.Raw("<!DOCTYPE html>\n");
        using (markup.Open("html", ("lang", "en")))
        {
            using (markup.Open("head"))
            {
                markup.Empty("meta", ("charset", "utf-8"));
                markup.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
                markup.Empty("meta", ("name", "color-scheme"), ("content", "light dark"));
                markup.Element("title", options.Title);
                // An embedded icon keeps browsers from requesting one.
                markup.Empty("link", ("rel", "icon"), ("href", "data:,"));
                markup.Raw("<style>body { margin: 0; background: light-dark(#ffffff, #16191d); }</style>");
            }

            markup.Line();
            using (markup.Open("body"))
                WriteFragment(markup, metrics, options, "main");
        }

        markup.Line();
    }

    /// <summary>Writes the report as an element with its own styles, to embed in another page.</summary>
    public static void WriteFragment(
        MarkupWriter markup, ProbabilityMetrics metrics, ProbabilityReportOptions options, string element = "div")
    {
        DecisionSection.Check(options, metrics.ClassNames.Count);
        using (markup.Open(element, ("class", ChartStyle.RootClass)))
        {
            WriteStyles(markup);
            WriteSections(markup, metrics, options);
        }
    }

    /// <summary>A part of a report, with its styles and without the margins of a page.</summary>
    public static void WritePart(MarkupWriter markup, Action write)
    {
        using (markup.Open("div", ("class", ChartStyle.RootClass), ("style", "padding: 0")))
        {
            WriteStyles(markup);
            write();
        }
    }

    private static void WriteStyles(MarkupWriter markup) => markup.Raw("<style>\n" + ChartStyle.Sheet + ReportSheet + "</style>\n");

    private static void WriteSections(MarkupWriter markup, ProbabilityMetrics metrics, ProbabilityReportOptions options)
    {
        WriteHeading(markup, metrics, options);
        HeadlineFigures.Write(markup, metrics);
        ComparisonSection.Write(markup, options.Comparison);
        WriteCharts(markup, metrics, options);
        DecisionSection.WriteThreshold(markup, options.Threshold, metrics.ClassNames);
        DecisionSection.WriteDecisions(markup, options.Decisions, options.Threshold, metrics.ClassNames);
        DecisionSection.WriteSets(markup, options.PredictionSets, metrics.ClassNames);
        TableSections.WriteClasses(markup, metrics);
        new RowSections(markup, metrics, options.Image).Write();
        FiguresSection.Write(markup, metrics);
        TableSections.WriteLeftOut(markup, metrics);
    }

    /// <summary>With two classes, top-k and a ranking of the classes carry no information.</summary>
    private static void WriteCharts(MarkupWriter markup, ProbabilityMetrics metrics, ProbabilityReportOptions options)
    {
        bool hasManyClasses = metrics.ClassCount > 2;
        using (ReportSection.Pair(markup))
        {
            ChartSections.WriteReliability(markup, metrics, options.Before);
            if (hasManyClasses)
                ChartSections.WriteWorstClasses(markup, metrics);
            else
                ChartSections.WriteRiskCoverage(markup, metrics);
        }

        ConfusionSection.Write(markup, metrics);
        if (!hasManyClasses)
            return;
        using (ReportSection.Pair(markup))
        {
            ChartSections.WriteTopK(markup, metrics);
            ChartSections.WriteRiskCoverage(markup, metrics);
        }
    }

    private static void WriteHeading(MarkupWriter markup, ProbabilityMetrics metrics, ProbabilityReportOptions options)
    {
        using (markup.Open("header"))
        {
            markup.Element("h1", options.Title);
            if (options.Subtitle is not null)
                markup.Element("p", options.Subtitle, ("class", "quiet"));
            markup.Element("p", Verdict.Of(metrics), ("class", "lead"));
            foreach (var warning in metrics.Warnings)
                markup.Element("p", warning, ("class", "warning"), ("role", "note"));
        }

        markup.Line();
    }
}

/// <summary>The evaluation in two sentences: how often the model is right, and whether its confidence is justified.</summary>
internal static class Verdict
{
    public static string Of(ProbabilityMetrics metrics)
    {
        if (metrics.RowsUsed == 0)
            return "There were no rows to evaluate on.";
        string scope = $"On {Count(metrics.RowsUsed)} rows of {Count(metrics.ClassCount)} classes, "
            + $"the model is right {Percent(metrics.MicroAccuracy)} of the time and claims {Percent(metrics.MeanConfidence)}: ";
        double excess = metrics.MeanConfidence - metrics.MicroAccuracy;
        string points = Decimal(Math.Abs(excess) * 100, 1) + " percentage points";
        if (metrics.IntervalOf(HeadlineMetric.MicroAccuracy) is { } interval && interval.Contains(metrics.MeanConfidence))
            return scope + "on average the two agree, as far as these rows can tell.";
        return scope + (excess > 0 ? $"it is too sure of itself, by {points}." : $"it is more cautious than it needs to be, by {points}.");
    }
}
