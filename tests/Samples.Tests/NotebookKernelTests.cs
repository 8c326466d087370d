using System.Text.Json;
using MLNet.Softmax.Samples.Tests.Package;
using MLNet.Softmax.TestSupport;
using NotebookRunner;

namespace MLNet.Softmax.Samples.Tests;

/// <summary>
/// Runs the notebooks as a reader does: in .NET Interactive, by Jupyter, with the packed packages. Slow: a kernel starts and installs them.
/// </summary>
public sealed class NotebookKernelTests(PackageFeed feed) : IClassFixture<PackedFeed>
{
    private const string Jupyter = "jupyter-nbconvert";

    /// <summary>A kernel takes the first free port. Those of two kernels that start together must not be the same.</summary>
    private static readonly int FirstPort = Random.Shared.Next(10_000, 60_000);

    public static TheoryData<string> Notebooks { get; } =
        [.. Directory.GetFiles(Folder, "*.ipynb").Select(Path.GetFileName).OfType<string>()];

    private static string Folder => Path.Combine(Repository.Root, "samples", "notebooks");

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Notebook_InTheKernel_ShowsWhatIsStored(string notebook)
    {
        Assert.SkipUnless(DotnetCommand.IsOnPath(Jupyter), $"There is no {Jupyter}.");
        var temporary = feed.NewFolder();
        // As the README of the notebooks says, but into this folder: "dotnet tool restore" believes that a tool is there although
        // its package has been deleted.
        var installation = await DotnetCommand.Run(Repository.Root, [.. InstallKernel(), "--tool-path", temporary]);
        Assert.SkipUnless(installation.ExitCode == 0, $".NET Interactive cannot be installed here: {installation.Output}");
        string[] kernel =
        [
            Path.Combine(temporary, "dotnet-interactive"), "jupyter", "--http-local-only",
            "--http-port-range", $"{FirstPort}-{FirstPort + 1000}", "{connection_file}",
        ];
        var specification = Directory.CreateDirectory(Path.Combine(temporary, "kernels", ".net-csharp"));
        await File.WriteAllTextAsync(
            Path.Combine(specification.FullName, "kernel.json"),
            JsonSerializer.Serialize(new { argv = kernel, display_name = ".NET (C#)", language = "C#" }),
            TestContext.Current.CancellationToken);

        await DotnetCommand.MustRunProgram(
            Jupyter, Folder, ["--to", "notebook", "--execute", "--output-dir", temporary, notebook],
            [.. feed.Environment, new("JUPYTER_PATH", temporary), new("DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT", "1")]);

        var (stored, executed) = (new Notebook(Path.Combine(Folder, notebook)), new Notebook(Path.Combine(temporary, notebook)));
        Assert.All(stored.Cells.Zip(executed.Cells), pair => Assert.Null(
            OutputComparison.Difference(pair.First.Outputs, [.. pair.Second.Outputs.Where(output => !IsAboutPackages(output))])));
    }

    /// <summary>The arguments of the command in the notebooks' README that installs the kernel, without <c>--global</c>.</summary>
    private static string[] InstallKernel() => File.ReadLines(Path.Combine(Folder, "README.md"))
        .Single(line => line.StartsWith("dotnet tool install", StringComparison.Ordinal))
        .Split(' ').Skip(1).Where(argument => argument != "--global").ToArray();

    /// <summary>What the kernel shows when it begins and when it has installed a package.</summary>
    private static bool IsAboutPackages(CellOutput output) =>
        output.Text.Contains("dotnet-interactive-this-cell", StringComparison.Ordinal)
        || output.Text.Contains("<strong>Installed Packages</strong>", StringComparison.Ordinal);
}
