using Spectre.Console;

namespace MulticlassEvaluation;

/// <summary>Runs work, and shows a progress bar once it has taken a second, where somebody may be watching.</summary>
internal static class LateProgress
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="title">What the bar says.</param>
    /// <param name="work">The work; it reports its progress as a share from 0 to 1.</param>
    public static T Run<T>(string title, Func<Action<double>, T> work)
    {
        double share = 0;
        var task = Task.Run(() => work(value => Volatile.Write(ref share, value)));
        var hasEnded = ((IAsyncResult)task).AsyncWaitHandle;
        if (!hasEnded.WaitOne(Patience) && AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected)
        {
            AnsiConsole.Progress().AutoClear(true).Start(context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
                while (!hasEnded.WaitOne(Pause))
                    bar.Value = Volatile.Read(ref share);
            });
        }

        return task.GetAwaiter().GetResult();
    }
}
