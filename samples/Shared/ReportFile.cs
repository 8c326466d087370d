using Spectre.Console;

namespace MLNet.Softmax.Samples;

/// <summary>The report, and where to find it.</summary>
internal static class ReportFile
{
    public static void Save(ProbabilityMetrics metrics, string path, ProbabilityReportOptions options)
    {
        metrics.SaveReport(path, options);
        AnsiConsole.WriteLine($"Report: {Path.GetFullPath(path)}");
    }
}
