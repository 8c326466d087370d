using System.Diagnostics;

namespace Playground.Work;

/// <summary>Interrupts long work, to show its progress and to see whether the user has stopped it.</summary>
internal sealed class WorkSlices
{
    private const int Milliseconds = 80;

    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Called between two parts of the work.</summary>
    /// <exception cref="OperationCanceledException">The user has stopped the work.</exception>
    public async ValueTask Next(string work, double share)
    {
        if (_watch.ElapsedMilliseconds < Milliseconds)
            return;
        WorkerScript.ShowProgress(work, share);
        // Messages to the worker are delivered only between two tasks.
        await Task.Delay(1);
        if (WorkerScript.IsStopped())
            throw new OperationCanceledException();
        _watch.Restart();
    }
}
