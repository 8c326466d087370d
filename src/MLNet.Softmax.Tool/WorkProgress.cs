using System.Diagnostics;
using System.Globalization;

namespace MLNet.Softmax.Tool;

/// <summary>
/// Shows the rows per second and the time left on standard error, once the work has taken a second; not if it is redirected.
/// </summary>
internal sealed class WorkProgress(string title)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromMilliseconds(250);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = Patience;
    private bool _hasLine;

    /// <param name="rows">Rows so far.</param>
    /// <param name="share">The share of the work that is done; NaN if it is unknown.</param>
    public void Report(long rows, double share)
    {
        if (_watch.Elapsed < _next || Console.IsErrorRedirected)
            return;
        _next = _watch.Elapsed + Pause;
        var speed = rows / _watch.Elapsed.TotalSeconds;
        var left = share is > 0 and <= 1 ? _watch.Elapsed * ((1 - share) / share) : (TimeSpan?)null;
        var rest = left is { } time ? string.Create(CultureInfo.InvariantCulture, $", {share:P0}, {time:m\\:ss} left") : "";
        Write(string.Create(CultureInfo.InvariantCulture, $"{title}: {rows:N0} rows, {speed:N0} a second{rest}"));
    }

    /// <summary>Clears the line.</summary>
    public void End()
    {
        if (_hasLine)
            Write("");
    }

    private void Write(string text)
    {
        Console.Error.Write($"\r{text.PadRight(Math.Max(0, Console.WindowWidth - 1))}\r");
        _hasLine = true;
    }
}
