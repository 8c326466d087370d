using System.Globalization;

namespace MLNet.Softmax.Tool;

/// <summary>
/// Shows the rows per second and the time left on standard error, once the work has taken a second; not if it is redirected.
/// </summary>
/// <param name="title">The name of the work.</param>
/// <param name="clock">The time.</param>
/// <param name="error">Standard error; null if it is redirected.</param>
/// <param name="width">The width of a line.</param>
internal sealed class WorkProgress(string title, TimeProvider clock, TextWriter? error, Func<int> width)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromMilliseconds(250);
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _next = Patience;
    private bool _hasLine;

    public WorkProgress(string title)
        : this(title, TimeProvider.System, Console.IsErrorRedirected ? null : Console.Error, () => Console.WindowWidth)
    {
    }

    /// <param name="rows">Rows so far.</param>
    /// <param name="share">The share of the work that is done; NaN if it is unknown.</param>
    public void Report(long rows, double share)
    {
        var elapsed = clock.GetElapsedTime(_start);
        if (elapsed < _next || error is null)
            return;
        _next = elapsed + Pause;
        var speed = rows / elapsed.TotalSeconds;
        var left = share is > 0 and <= 1 ? elapsed * ((1 - share) / share) : (TimeSpan?)null;
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
        error?.Write($"\r{text.PadRight(Math.Max(0, width() - 1))}\r");
        _hasLine = true;
    }
}
