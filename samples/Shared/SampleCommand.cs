using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Spectre.Console;

namespace MLNet.Softmax.Samples;

/// <summary>Runs a sample's command line: whatever cannot be done ends in one clear line and exit code 2.</summary>
internal static class SampleCommand
{
    /// <summary>The exit code of what cannot be done.</summary>
    public const int CannotBeDone = 2;

    /// <summary>The exit code of what Ctrl+C stopped, as shells give it.</summary>
    private const int Stopped = 130;

    /// <summary>Runs <paramref name="command"/>; a line that says what went wrong begins with <paramref name="program"/>.</summary>
    public static int Run(string program, RootCommand command, string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
            return Fail(program, parsed.Errors[0].Message, CannotBeDone);
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return Fail(program, "stopped.", Stopped);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException
            or ArgumentException or InvalidOperationException or NotSupportedException or TypeInitializationException
            or DllNotFoundException or TargetInvocationException)
        {
            var (message, cause) = (exception.Message, exception.GetBaseException().Message);
            return Fail(program, message.Contains(cause, StringComparison.Ordinal) ? message : $"{message} ({cause})", CannotBeDone);
        }
    }

    private static int Fail(string program, string message, int exitCode)
    {
        Console.Error.WriteLine($"{program}: {message.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}

/// <summary>The console of every sample.</summary>
internal static class SampleConsole
{
    /// <summary>A file or another program gets plain text, in lines that break where they were meant to.</summary>
    public static void Open()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Console =
                AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
            AnsiConsole.Profile.Width = 120;
        }
    }
}
