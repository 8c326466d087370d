using System.CommandLine;
using System.Globalization;

namespace MLNet.Softmax.Tool;

/// <summary>The command line. Every error is one line that says what is wrong.</summary>
internal static class ToolCommand
{
    private const int CannotBeDone = 2;

    /// <summary>The exit code that shells use for Ctrl+C.</summary>
    private const int Stopped = 130;

    private const string Description = """
        Evaluates and calibrates multiclass predictions in score files, from any framework.

        Examples:
          softmax evaluate predictions.csv
          softmax evaluate new-model.parquet --compare old-model.parquet --report report.html
          softmax calibrate held-out.csv --save calibrator.onnx

        softmax COMMAND --help shows the options of a command, and more examples.
        """;

    // Without this switch, .NET reads a truncated .gz file as if it were complete.
    static ToolCommand() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var (evaluate, merge, calibrate) = (EvaluateCommand.Create(), MergeCommand.Create(), CalibrateCommand.Create());
        var root = new RootCommand(Description) { evaluate, merge, calibrate };
        CommandHelp.AddDetails(root, new()
        {
            [evaluate] = EvaluateCommand.Details,
            [merge] = MergeCommand.Details,
            [calibrate] = CalibrateCommand.Details,
        });
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return Fail(error, parsed.Errors[0].Message, CannotBeDone);
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, Output = output, Error = error });
        }
        catch (OperationCanceledException)
        {
            return Fail(error, "stopped.", Stopped);
        }
        catch (Exception exception) when (exception is FormatException or IOException or InvalidDataException
            or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return Fail(error, exception.Message, CannotBeDone);
        }
    }

    private static int Fail(TextWriter error, string message, int exitCode)
    {
        error.WriteLine("softmax: " + message.ReplaceLineEndings(" "));
        return exitCode;
    }
}
