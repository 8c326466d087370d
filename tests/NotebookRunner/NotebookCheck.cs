namespace NotebookRunner;

/// <summary>One notebook run, compared with what is stored, or stored anew.</summary>
internal static class NotebookCheck
{
    public static async Task<IReadOnlyList<string>> RunAsync(Notebook notebook, bool update, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        if (!PackageDirective.IsIn(notebook.Cells.FirstOrDefault(cell => cell.IsCode)?.Source ?? ""))
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

        string program = FileBasedProgram.Generate(notebook), programPath = FileBasedProgram.PathFor(notebook);
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
}
