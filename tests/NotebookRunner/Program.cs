using System.CommandLine;
using System.Reflection;
using NotebookRunner;

var root = typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
    .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
var files = new Argument<FileInfo[]>("notebooks")
{
    Description = "The notebooks to run; all of samples/notebooks when none is named.",
    Arity = ArgumentArity.ZeroOrMore,
};
var update = new Option<bool>("--update") { Description = "Store the fresh outputs, and write each notebook's program anew." };
var command = new RootCommand(
    "Runs the notebooks from top to bottom against the built library and compares their outputs with the stored ones.")
{
    files,
    update,
};
command.SetAction(async (arguments, cancellationToken) =>
{
    string[] paths = [.. arguments.GetValue(files)!.Select(file => file.FullName)];
    if (paths.Length == 0)
        paths = [.. Directory.GetFiles(Path.Combine(root, "samples", "notebooks"), "*.ipynb").Order(StringComparer.Ordinal)];
    int failures = 0;
    foreach (var path in paths)
    {
        var notebook = Notebook.Load(path);
        var problems = await NotebookCheck.RunAsync(notebook, arguments.GetValue(update), cancellationToken);
        Console.WriteLine($"{notebook.Name}: {Verdict(problems.Count, arguments.GetValue(update))}");
        foreach (var problem in problems)
            Console.WriteLine("  " + problem.ReplaceLineEndings("\n  "));
        failures += problems.Count;
    }

    return failures == 0 ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();

static string Verdict(int problems, bool updated) => problems switch
{
    0 => updated ? "stored" : "as stored",
    1 => "1 problem",
    _ => $"{problems} problems",
};
