namespace MLNet.Softmax.Tool.Tests;

public sealed class WorkProgressTests
{
    /// <summary>Nobody wants a line of progress in a log, or one that a short run shows and clears at once.</summary>
    [Fact]
    public void Progress_InTheFirstSecondOrWhereTheErrorsGoToAFile_WritesNothing()
    {
        using var written = new StringWriter();
        var before = Console.Error;
        Console.SetError(written);
        try
        {
            var progress = new WorkProgress("Rows of this test");
            progress.Report(1_000, 0.5);
            progress.Report(2_000, double.NaN);
            progress.End();
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.DoesNotContain("Rows of this test", written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_AfterTheFirstSecond_IsALineThatIsWrittenOverAndClearedAtTheEnd()
    {
        var clock = new Clock();
        using var error = new StringWriter();
        var progress = new WorkProgress("Rows", clock, error, () => 60);
        string Report(int milliseconds, long rows, double share)
        {
            error.GetStringBuilder().Clear();
            clock.Now = TimeSpan.FromMilliseconds(milliseconds);
            progress.Report(rows, share);
            return error.ToString();
        }

        Assert.Equal("", Report(999, 1_000, 0.5));
        Assert.Equal($"\r{"Rows: 1,000 rows, 500 a second, 25 %, 0:06 left",-59}\r", Report(2_000, 1_000, 0.25));
        Assert.Equal("", Report(2_249, 1_000, 0.25));
        Assert.Equal($"\r{"Rows: 9,000 rows, 4,000 a second",-59}\r", Report(2_250, 9_000, double.NaN));
        Assert.Equal($"\r{"Rows: 9,000 rows, 3,600 a second",-59}\r", Report(2_500, 9_000, 0));
        Assert.Equal($"\r{"Rows: 450,000 rows, 5,000 a second, 100 %, 0:00 left",-59}\r", Report(90_000, 450_000, 1));
        Assert.Equal($"\r{"Rows: 450,000 rows, 4,500 a second, 50 %, 1:40 left",-59}\r", Report(100_000, 450_000, 0.5));
        error.GetStringBuilder().Clear();
        progress.End();
        Assert.Equal($"\r{"",-59}\r", error.ToString());
        error.GetStringBuilder().Clear();
        new WorkProgress("Short", clock, error, () => 0).End();
        Assert.Equal("", error.ToString());
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
