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
}
