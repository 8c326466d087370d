namespace MLNet.Softmax.Samples.Tests;

/// <summary>How a sample ended and what it wrote.</summary>
internal sealed record SampleResult(int ExitCode, string Output, string Error)
{
    /// <summary>The sample finished without an error.</summary>
    public void AssertSucceeded() => Assert.True(ExitCode == 0 && Error.Length == 0, $"{ExitCode}: {Error}");

    /// <summary>It refused, in one line that holds <paramref name="parts"/>, with exit code 2.</summary>
    public void AssertRefused(params string[] parts)
    {
        Assert.Equal(2, ExitCode);
        Assert.Single(Error.TrimEnd().Split('\n'));
        Assert.All(parts, part => Assert.Contains(part, Error, StringComparison.Ordinal));
    }
}
