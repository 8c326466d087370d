using MLNet.Softmax.Samples.Tests.Package;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests;

[Collection(PackageFeed.OneAtATime)]
public sealed class NotebookProgramTests
{
    public static TheoryData<string> Programs { get; } =
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "samples", "notebooks"), "*.cs").Select(Path.GetFileName).OfType<string>()];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task NotebookAsAProgram_Runs(string program)
    {
        var output = await DotnetCommand.MustRun(Repository.Root, "run", $"samples/notebooks/{program}");

        Assert.True(output.Split('\n').Length > 10, output);
    }
}
