using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>
/// How fast each operation is in the first second of a process, against its speed once everything is compiled for good. Each operation and
/// number of classes gets a process of its own. The first call, in which the compiler works, is a column by itself; time starts at its end.
/// </summary>
internal static class FirstSecond
{
    public const string Argument = "--first";

    // Few rows a call, so that what surrounds the loops over rows counts, too.
    private const int Floats = 4_096;
    private const double SteadyFrom = 1_500, End = 2_500;
    private static readonly string[] Operations = ["softmax", "logsoftmax", "crossentropy", "gradient", "topk5"];
    private static readonly int[] ClassCounts = [10, 100, 300, 1000];

    // Milliseconds.
    private static readonly double[] Slices = [0, 20, 50, 100, 200, 500, 1_000];

    /// <summary>Prints the median time of a call in each slice, divided by the steady one.</summary>
    public static void Run(TextWriter output)
    {
        output.WriteLine($"Time divided by the steady one, in milliseconds from the end of the first call; "
            + $"{Floats} floats a call; .NET {Environment.Version}");
        output.WriteLine();
        var slices = Slices.Zip(Slices.Skip(1), (from, to) => $"{from} to {to}");
        output.WriteLine($"| operation | classes | first call, ms | steady, ns a row | {string.Join(" | ", slices)} |");
        output.WriteLine($"|---|---|---|---|{string.Concat(Enumerable.Repeat("---|", Slices.Length - 1))}");
        foreach (var operation in Operations)
        {
            foreach (var classes in ClassCounts)
            {
                output.WriteLine(OwnProcess.Output(Argument, operation, classes.ToString(CultureInfo.InvariantCulture)));
                output.Flush();
            }
        }
    }

    /// <summary>Prints the line of one operation. Must be the first thing that the process does.</summary>
    public static void Measure(TextWriter output, string operation, int classes)
    {
        using var work = new Workload(Floats, classes);
        var call = PeerServer.Operation(work, operation);
        var calls = new List<(double Start, double Length)>(1 << 20);
        var begin = Stopwatch.GetTimestamp();
        call();
        var first = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        begin = Stopwatch.GetTimestamp();
        for (var now = 0.0; now < End;)
        {
            call();
            var end = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            calls.Add((now, end - now));
            now = end;
        }

        double Median(double from, double to)
        {
            var own = calls.Where(call => call.Start >= from && call.Start < to).Select(call => call.Length).Order().ToArray();
            return own.Length > 0 ? own[own.Length / 2] : double.NaN;
        }

        var steady = Median(SteadyFrom, End);
        var ratios = Slices.Zip(Slices.Skip(1), (from, to) => (Median(from, to) / steady).ToString("F1", CultureInfo.InvariantCulture));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {operation} | {classes} | {first:F0} | {steady * 1e6 / work.RowCount:F1} | {string.Join(" | ", ratios)} |"));
    }
}

/// <summary>Starts this program once more.</summary>
internal static class OwnProcess
{
    /// <summary>Runs it to its end and returns what it printed.</summary>
    public static string Output(params ReadOnlySpan<string> arguments)
    {
        using var process = Start(arguments, redirect: true);
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? printed.TrimEnd()
            : throw new InvalidOperationException($"The process for {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    /// <summary>Runs it with a variable in its environment, and returns its exit code.</summary>
    public static int ExitCode(string variable, string value, params ReadOnlySpan<string> arguments)
    {
        using var process = Start(arguments, redirect: false, variable, value);
        process.WaitForExit();
        return process.ExitCode;
    }

    private static Process Start(ReadOnlySpan<string> arguments, bool redirect, string? variable = null, string? value = null)
    {
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [typeof(OwnProcess).Assembly.Location] : [];
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. program, .. arguments]) { RedirectStandardOutput = redirect };
        if (variable != null)
            start.Environment[variable] = value;
        return Process.Start(start)!;
    }
}
