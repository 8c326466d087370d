using MLNet.Softmax.Samples.Tests.Package;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests;

/// <summary>README's first example. Slow: it trains six models in a process of its own.</summary>
public sealed class QuickStartTests
{
    [Fact]
    public void QuickStart_IsTheFirstExampleOfReadme()
    {
        var program = File.ReadAllText(Path.Combine(Repository.Root, "samples", "QuickStart", "Program.cs")).ReplaceLineEndings("\n");

        Assert.Equal(program, FirstExample.Code);
    }

    [Fact]
    public void QuickStart_PrintsWhatReadmeSays()
    {
        using var quickStart = new SampleProcess("QuickStart");

        var result = quickStart.Run();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(FirstExample.Output, result.Output.ReplaceLineEndings("\n"));
    }
}
