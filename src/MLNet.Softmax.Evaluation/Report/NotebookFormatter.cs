using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>
/// Notebooks find this type through <see cref="TypeFormatterSourceAttribute"/>, and the members of the formatters by name.
/// </summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The notebook calls them by name, on an instance.")]
internal sealed class NotebookFormatterSource
{
    public IEnumerable<object> CreateTypeFormatters() =>
        [new NotebookFormatter(NotebookFormatter.Html), new NotebookFormatter(NotebookFormatter.Svg)];
}

/// <summary>Shows an evaluation in a notebook as its report, a chart as its drawing, and other results as tables.</summary>
internal sealed class NotebookFormatter(string mimeType)
{
    public const string Html = "text/html", Svg = "image/svg+xml";

    public string MimeType => mimeType;

    public bool Format(object instance, TextWriter writer)
    {
        if (mimeType == Svg && instance is not Chart)
            return false;
        var markup = new MarkupWriter(writer);
        switch (instance)
        {
            case Chart chart:
                markup.Raw(chart.ToSvg());
                return true;
            case ProbabilityMetrics metrics:
                ReportPage.WriteFragment(markup, metrics, new ProbabilityReportOptions());
                return true;
            case ProbabilityComparison comparison:
                ReportPage.WritePart(markup, () => ComparisonSection.Write(markup, comparison));
                return true;
            case PredictionSetMetrics sets:
                ReportPage.WritePart(markup, () => DecisionSection.WriteSets(markup, sets, [.. sets.Classes.Select(one => one.Name)]));
                return true;
            case ClassMetrics one:
                ReportPage.WritePart(markup, () => TableSections.WriteClassTable(markup, [one]));
                return true;
            case ClassMetricsList classes:
                ReportPage.WritePart(markup, () => TableSections.WriteClassTable(markup, classes));
                return true;
            default:
                return false;
        }
    }
}

/// <summary>The classes of an evaluation, which a notebook shows as one table.</summary>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
internal sealed class ClassMetricsList(IList<ClassMetrics> classes) : ReadOnlyCollection<ClassMetrics>(classes);
