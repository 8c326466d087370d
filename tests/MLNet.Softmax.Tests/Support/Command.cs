using System.ComponentModel;
using System.Diagnostics;

namespace MLNet.Softmax.Tests;

/// <summary>Runs another program.</summary>
internal static class Command
{
    /// <summary>What <paramref name="program"/> writes to standard output; <see langword="null"/> where it is not installed.</summary>
    /// <param name="program">The program, found by the PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads from standard input.</param>
    /// <param name="ignoreFailure">An error text that means the same as not being installed.</param>
    public static string? Run(string program, string[] arguments, string input, string? ignoreFailure = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (process)
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            process.WaitForExit();
            if (process.ExitCode != 0 && errors.Result.Trim() == ignoreFailure) return null;
            Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {errors.Result}");
            return output.Result;
        }
    }
}

/// <summary>A file that is gone when the test is over.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(byte[] content) => File.WriteAllBytes(Path, content);

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
