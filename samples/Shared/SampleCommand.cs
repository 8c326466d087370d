using System.CommandLine;
using System.Globalization;

namespace MLNet.Softmax.Samples;

/// <summary>Runs a sample's command line: whatever cannot be done ends in one clear line and exit code 2.</summary>
internal static class SampleCommand
{
    private const int CannotBeDone = 2;

    /// <param name="program">The name that begins the line.</param>
    /// <param name="command">The options and what to do with them.</param>
    /// <param name="args">The program's arguments.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string program, RootCommand command, string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
            return Fail(program, parsed.Errors[0].Message);
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException
            or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return Fail(program, exception.Message);
        }
    }

    private static int Fail(string program, string message)
    {
        Console.Error.WriteLine($"{program}: {message.ReplaceLineEndings(" ")}");
        return CannotBeDone;
    }
}
