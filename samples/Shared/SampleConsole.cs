using Spectre.Console;

namespace MLNet.Softmax.Samples;

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

    /// <summary>Does <paramref name="count"/> pieces of work under a progress bar with pieces a second and the time left.</summary>
    /// <param name="description">What is done.</param>
    /// <param name="count">How many pieces there are.</param>
    /// <param name="work">Is given what to call after each piece.</param>
    public static void Progress(string description, int count, Action<Action> work) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .Start(bar =>
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var task = bar.AddTask(description, maxValue: count);
            work(() =>
            {
                task.Increment(1);
                task.Description = $"{description}, {task.Value / clock.Elapsed.TotalSeconds:0} a second";
            });
        });
}
