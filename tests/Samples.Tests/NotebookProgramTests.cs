using System.Text.RegularExpressions;
using MLNet.Softmax.Samples.Tests.Package;
using MLNet.Softmax.TestSupport;
using NotebookRunner;

namespace MLNet.Softmax.Samples.Tests;

/// <summary>Runs the programs made from the notebooks. Slow: each is restored and compiled.</summary>
[Collection(PackageFeed.OneAtATime)]
public sealed partial class NotebookProgramTests(PackageFeed feed)
{
    private const string Features = "samples/HotDog/Data/resnet18-features.csv";

    private static readonly string Notebooks = Path.Combine(Repository.Root, "samples", "notebooks");

    public static TheoryData<string> Programs { get; } =
        [.. Directory.GetFiles(Notebooks, "*.cs").Select(Path.GetFileName).OfType<string>()];

    [Fact]
    public async Task Program_InTheRepository_Runs()
    {
        var output = await DotnetCommand.MustRun(Repository.Root, "run", "samples/notebooks/1-what-softmax-is.cs");

        Assert.Contains("argmax  0, that is hot dog", output, StringComparison.Ordinal);
    }

    /// <summary>With the package in the place of the project, as the program's second line says.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Program_InAnotherFolder_PrintsWhatTheNotebookPrints(string program)
    {
        var (folder, notebook) = (feed.NewFolder(), new Notebook(Path.Combine(Notebooks, Path.ChangeExtension(program, ".ipynb"))));
        Directory.CreateDirectory(Path.Combine(folder, Path.GetDirectoryName(Features)!));
        File.Copy(Path.Combine(Repository.Root, Features), Path.Combine(folder, Features));
        var source = await File.ReadAllTextAsync(Path.Combine(Notebooks, program), TestContext.Current.CancellationToken);
        var withPackage = ProjectLine().Replace(source, "$1");
        Assert.Contains("\n#:package MLNet.Softmax@*\n", withPackage, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, program), withPackage, TestContext.Current.CancellationToken);

        var output = await DotnetCommand.MustRunProgram(
            "dotnet", folder, ["run", program], [.. feed.Environment, new("TreatWarningsAsErrors", "true")]);

        var printed = OutputComparison.Skeleton(output);
        Assert.All(
            notebook.Cells.SelectMany(cell => cell.Outputs).Where(shown => shown.IsPrinted),
            shown => Assert.Contains(OutputComparison.Skeleton(shown.Text), printed, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^// In another folder, replace the next line with: (.*)\n#:project .*$", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();
}
