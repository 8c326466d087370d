using System.Diagnostics;
using System.Text.Json;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests;

/// <summary>
/// Shards that are scored and evaluated on Dask, while one of its workers is killed. Slow: Dask starts processes, and waits until it misses
/// the killed one.
/// </summary>
public sealed class ScaleOutTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const int RowCount = 3000, ShardCount = 7;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly SampleProcess _prepare = new("ScaleOut");

    public void Dispose() => _prepare.Dispose();

    [Fact]
    public void Dask_WithAKilledWorker_CountsEveryRowOnce()
    {
        Assert.SkipUnless(HasDask(), "Needs python3-dask and python3-distributed.");
        _prepare.Run("prepare", "work", "--rows", $"{RowCount}", "--shards", $"{ShardCount}").AssertSucceeded();
        string[] shards = [.. Directory.GetFiles(Path.Combine(_prepare.Folder, "work", "shards")).Order()];
        Assert.Equal(ShardCount, shards.Length);

        var script = Path.Combine(Repository.Root, "samples", "ScaleOut", "scale_out.py");
        var dask = Run(Python, [
            script, .. shards, "--model", "work/model.onnx", "--work", "work/run", "--softmax", Command("MLNet.Softmax.Tool"),
            "--scorer", Command("Scorer"), "--workers", "3", "--kill-one", "--check", "--report", "merged.html",
        ]);
        Assert.Contains("Killed the worker", dask, StringComparison.Ordinal);
        Assert.Matches($@"{ShardCount} shards in .* s; tasks were started ([89]|\d\d) times", dask);
        Assert.Contains("Checked: 3,000 rows in one pass give the same figures.", dask, StringComparison.Ordinal);

        // Without Dask and without its script: one shard after the other, all scores in one process.
        var scores = Directory.CreateDirectory(Path.Combine(_prepare.Folder, "scores")).FullName;
        foreach (var shard in shards)
            Run("dotnet", [SampleProcess.PathOf("Scorer"), "work/model.onnx", shard, Path.Combine(scores, Path.GetFileName(shard))]);
        var tool = SampleProcess.PathOf("MLNet.Softmax.Tool");
        var whole = Run("dotnet", [tool, "evaluate", scores, "--metrics", "streaming", "--report", "whole.html"]);
        Assert.Contains($"{RowCount} rows of 10 classes", whole, StringComparison.Ordinal);
        Assert.Equal(Table(whole), Table(dask));
        Assert.Equal(Body("whole.html"), Body("merged.html"));
    }

    [Fact]
    public void Scorer_GivesTheProbabilitiesOfTheModel()
    {
        _prepare.Run("prepare", "work", "--rows", "500", "--shards", "1").AssertSucceeded();
        Run("dotnet", [SampleProcess.PathOf("Scorer"), "work/model.onnx", "work/shards/shard-000.csv", "scores.csv"]);
        var json = Run("dotnet", [SampleProcess.PathOf("MLNet.Softmax.Tool"), "evaluate", "scores.csv", "--json"]);
        using var result = JsonDocument.Parse(json);

        Assert.Equal(500, result.RootElement.GetProperty("rows").GetInt32());
        // Softmax regression reads five in six of the noisy digits; a wrong order of pixels or classes reads one in ten.
        var accuracy = result.RootElement.GetProperty("metrics").GetProperty("microAccuracy").GetProperty("value").GetDouble();
        Assert.InRange(accuracy, 0.75, 1);
    }

    private static string Command(string program) => $"dotnet '{SampleProcess.PathOf(program)}'";

    private static bool HasDask()
    {
        if (!File.Exists(Python))
            return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import distributed"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private string Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _prepare.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {arguments[0]} did not end within {Patience}.");
        }

        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return output.GetAwaiter().GetResult();
    }

    /// <summary>The figures on the console, without the lines before and after.</summary>
    private static string[] Table(string output) =>
        [.. output.Split('\n').SkipWhile(line => !line.Contains("rows of 10 classes", StringComparison.Ordinal)).TakeWhile(line =>
            !line.StartsWith("Report", StringComparison.Ordinal))];

    /// <summary>A report without its title.</summary>
    private string[] Body(string report) =>
        [.. File.ReadAllLines(Path.Combine(_prepare.Folder, report)).Where(line => !line.Contains("<title>", StringComparison.Ordinal)
            && !line.Contains("<h1>", StringComparison.Ordinal))];
}
