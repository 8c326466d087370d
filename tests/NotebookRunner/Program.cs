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
        var notebook = new Notebook(path);
        var problems = await CheckAsync(notebook, arguments.GetValue(update), cancellationToken);
        Console.WriteLine($"{notebook.Name}: " + problems.Count switch
        {
            0 => arguments.GetValue(update) ? "stored" : "as stored",
            1 => "1 problem",
            var count => $"{count} problems",
        });
        foreach (var problem in problems)
            Console.WriteLine("  " + problem.ReplaceLineEndings("\n  "));
        failures += problems.Count;
    }

    return failures == 0 ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();

// One notebook run, compared with what is stored, or stored anew.
static async Task<IReadOnlyList<string>> CheckAsync(Notebook notebook, bool update, CancellationToken cancellationToken)
{
    var problems = new List<string>();
    if (notebook.Cells.FirstOrDefault(cell => cell.IsCode)?.NamesPackage != true)
        problems.Add("""the first code cell does not begin with #r "nuget: MLNet.Softmax", which a reader needs""");

    IReadOnlyList<(NotebookCell Cell, IReadOnlyList<CellOutput> Outputs)> results;
    try
    {
        results = await NotebookExecution.RunAsync(notebook, cancellationToken);
    }
    catch (InvalidOperationException exception)
    {
        return [.. problems, exception.Message];
    }

    string program = FileBasedProgram.Generate(notebook), programPath = Path.ChangeExtension(notebook.Path, ".cs");
    if (update)
    {
        foreach (var (cell, outputs) in results)
            cell.Outputs = outputs;
        notebook.Save();
        File.WriteAllText(programPath, program);
        return problems;
    }

    foreach (var (cell, outputs) in results)
    {
        if (OutputComparison.Difference(cell.Outputs, outputs) is { } difference)
            problems.Add($"cell {cell.Number}: {difference}");
    }

    if (!File.Exists(programPath) || File.ReadAllText(programPath) != program)
        problems.Add($"{Path.GetFileName(programPath)} is not what the notebook makes; run again with --update");
    return problems;
}
