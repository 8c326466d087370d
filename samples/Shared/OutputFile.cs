using MLNet.Softmax.Evaluation;
using Spectre.Console;

namespace MLNet.Softmax.Samples;

/// <summary>Where a sample is to write a file.</summary>
internal static class TargetFile
{
    /// <summary>Says before the work, not after it, that its result could not be saved.</summary>
    public static void Check(string option, string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new IOException($"{option} names a folder, {path}, but a file is expected.");
        if (Path.GetDirectoryName(full) is not { } folder || !Directory.Exists(folder))
            throw new IOException($"{option} is {path}, but its folder does not exist.");
    }
}

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
