using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace NotebookRunner;

/// <summary>Runs a notebook's code cells from top to bottom in one C# script session.</summary>
internal static class NotebookExecution
{
    public static async Task<IReadOnlyList<(NotebookCell Cell, IReadOnlyList<CellOutput> Outputs)>> RunAsync(
        Notebook notebook, CancellationToken cancellationToken)
    {
        var results = new List<(NotebookCell, IReadOnlyList<CellOutput>)>();
        ScriptState<object>? state = null;
        // Where a notebook's kernel stands.
        Directory.SetCurrentDirectory(Path.GetDirectoryName(notebook.Path)!);
        foreach (var cell in notebook.Cells.Where(cell => cell.IsCode))
        {
            var printed = new StringWriter { NewLine = "\n" };
            var console = Console.Out;
            Console.SetOut(printed);
            try
            {
                string source = PackageDirective.Remove(cell.Source);
                state = state is null
                    ? await CSharpScript.RunAsync<object>(
                        source, Options, new NotebookGlobals(), typeof(NotebookGlobals), cancellationToken)
                    : await state.ContinueWithAsync<object>(source, Options, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"{notebook.Name}, cell {cell.Number}: {exception.Message}", exception);
            }
            finally
            {
                Console.SetOut(console);
            }

            results.Add((cell, Outputs(printed.ToString(), state.ReturnValue)));
        }

        return results;
    }

    // Everything the runner itself was built against: the library, the ML.NET of this build, the framework.
    private static ScriptOptions Options { get; } = ScriptOptions.Default
        .WithReferences(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => Microsoft.CodeAnalysis.MetadataReference.CreateFromFile(path)))
        .WithImports("System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text", "System.Threading.Tasks")
        .WithLanguageVersion(Microsoft.CodeAnalysis.CSharp.LanguageVersion.Latest);

    private static List<CellOutput> Outputs(string printed, object? value)
    {
        var outputs = new List<CellOutput>();
        if (printed.Length > 0)
            outputs.Add(new CellOutput(CellOutput.PlainText, printed, IsPrinted: true));
        if (value is not null)
            outputs.Add(ValueFormatter.Format(value));
        return outputs;
    }
}
