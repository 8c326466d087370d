using MLNet.Softmax.Evaluation;
using Spectre.Console;

namespace MLNet.Softmax.Samples;

/// <summary>The report, and where to find it.</summary>
internal static class ReportFile
{
    public static void Save(ProbabilityMetrics metrics, string path, ProbabilityReportOptions options)
    {
        metrics.SaveReport(path, options);
        // Past the console's own line breaks: a path is there to be copied.
        AnsiConsole.Profile.Out.Writer.WriteLine($"Report: {Path.GetFullPath(path)}");
    }
}
