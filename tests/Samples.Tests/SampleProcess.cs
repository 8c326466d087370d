using System.Diagnostics;
using System.Reflection;

namespace MLNet.Softmax.Samples.Tests;

/// <summary>Runs a built sample as a user would: its own process, its own working folder, plain text.</summary>
internal sealed class SampleProcess(string sample) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    /// <summary>The working folder; gone when this is disposed.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("sample-").FullName;

    /// <summary>The sample's own folder for temporary files, inside <see cref="Folder"/>.</summary>
    public string Temporary => Directory.CreateDirectory(Path.Combine(Folder, "tmp")).FullName;

    public SampleResult Run(params string[] arguments)
    {
        using var process = Start(sample, Folder, Temporary, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{sample} did not end within {Patience}.");
        }

        return new SampleResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    public static Process Start(string sample, string folder, string temporary, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [PathOf(sample), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The threads of LightGBM would otherwise spin while they wait for each other: minutes, where others need the processor.
            Environment = { ["TMPDIR"] = temporary, ["TMP"] = temporary, ["OMP_WAIT_POLICY"] = "passive" },
        })!;

    /// <summary>The assembly of a built program.</summary>
    public static string PathOf(string sample) => typeof(SampleProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == $"Sample.{sample}").Value!;

    public string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>How a sample ended and what it wrote.</summary>
internal sealed record SampleResult(int ExitCode, string Output, string Error)
{
    /// <summary>The sample finished without an error.</summary>
    public void AssertSucceeded() => Assert.True(ExitCode == 0 && Error.Length == 0, $"{ExitCode}: {Error}");

    /// <summary>It refused, in one line that holds <paramref name="parts"/>, with exit code 2.</summary>
    public void AssertRefused(params string[] parts)
    {
        Assert.Equal(2, ExitCode);
        Assert.Single(Error.TrimEnd().Split('\n'));
        Assert.All(parts, part => Assert.Contains(part, Error, StringComparison.Ordinal));
    }
}
