using System.Diagnostics;
using System.Text.Json;

namespace MLNet.Softmax.Tool.Tests;

/// <summary>Runs the tool's command line in this process, on files in a folder that is gone afterwards.</summary>
internal sealed class ToolRun : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("tool-").FullName;

    public string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>With SOFTMAX_PROGRAM, in a process of that program: the tool as its package installs it.</summary>
    public static ToolResult Run(params string[] arguments)
    {
        if (Environment.GetEnvironmentVariable("SOFTMAX_PROGRAM") is { Length: > 0 } program)
            return RunProgram(program, arguments);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = ToolCommand.Run(arguments, output, error).GetAwaiter().GetResult();
        return new(exitCode, output.ToString(), error.ToString());
    }

    private static ToolResult RunProgram(string program, string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>The result of softmax evaluate FILE as JSON.</summary>
    public static JsonElement Evaluate(string file, params string[] arguments)
    {
        var result = Run(["evaluate", file, "--json", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>How the tool ended and what it wrote.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>It refused, in one line that holds <paramref name="parts"/>, with exit code 2.</summary>
    public void AssertRefused(params string[] parts)
    {
        Assert.True(ExitCode == 2, Output);
        Assert.StartsWith("softmax: ", Error.Split('\n')[^2], StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, Error, StringComparison.Ordinal));
        // The playground's tests expect no parts: they compare the whole message with what the page shows.
        if (parts.Length > 0)
            ApprovedMessages.Check(Error);
    }
}

/// <summary>Figures of a JSON result.</summary>
internal static class JsonFigures
{
    public static double Figure(this JsonElement result, string name) =>
        result.GetProperty("metrics").GetProperty(name).GetProperty("value").GetDouble();

    public static int Rows(this JsonElement result) => result.GetProperty("rows").GetInt32();
}
