using MLNet.Softmax.Reporting;

namespace MLNet.Softmax;

[TypeFormatterSource(typeof(NotebookFormatterSource), PreferredMimeTypes = ["text/html"])]
public sealed partial class ProbabilityMetrics
{
    /// <summary>
    /// Saves the figures as a report to look at: one HTML file that needs no network and no script, with headline figures and their
    /// intervals, reliability diagram, confusion matrix, top-k and risk-coverage curves, a table of the classes, the worst-calibrated ones,
    /// the most confident mistakes, and the rows left out. It is light or dark as its reader prefers.
    /// </summary>
    /// <param name="path">
    /// Where to. A file that is there is replaced once the new one is complete; where writing fails, the old one stays.
    /// </param>
    /// <param name="options">The heading, and an earlier evaluation to compare with; null for neither.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or a directory.</exception>
    /// <exception cref="DirectoryNotFoundException">The directory of <paramref name="path"/> does not exist.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written to.</exception>
    public void SaveReport(string path, ProbabilityReportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, writer => ReportPage.Write(writer, this, options ?? new ProbabilityReportOptions()));
    }
}
