using System.Diagnostics.CodeAnalysis;
using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>
/// Tells a notebook how a value shows itself. .NET Interactive looks for an attribute of this name, and reads its properties by name,
/// so that a library needs no reference to it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}

/// <summary>Found by name through <see cref="TypeFormatterSourceAttribute"/>; so are the members of the formatters.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The notebook calls them by name, on an instance.")]
internal sealed class NotebookFormatterSource
{
    public IEnumerable<object> CreateTypeFormatters() => [new NotebookFormatter()];
}

/// <summary>Shows an evaluation in a notebook as its report.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The notebook calls them by name, on an instance.")]
internal sealed class NotebookFormatter
{
    public string MimeType => "text/html";

    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not ProbabilityMetrics metrics)
            return false;
        ReportPage.WriteFragment(new MarkupWriter(writer), metrics, new ProbabilityReportOptions());
        return true;
    }
}
