using System.Collections;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace NotebookRunner;

/// <summary>Runs a notebook's code cells from top to bottom in one C# script session.</summary>
internal static class NotebookExecution
{
    // Everything the runner itself was built against: the library, the ML.NET of this build, the framework. The imports are the kernel's.
    private static readonly ScriptOptions Options = ScriptOptions.Default
        .WithReferences(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)))
        .WithImports("System", "System.Text", "System.Linq", "System.Threading.Tasks", "System.Collections", "System.Collections.Generic")
        .WithLanguageVersion(LanguageVersion.Latest);

    public static async Task<IReadOnlyList<(NotebookCell Cell, IReadOnlyList<CellOutput> Outputs)>> RunAsync(
        Notebook notebook, CancellationToken cancellationToken)
    {
        var results = new List<(NotebookCell, IReadOnlyList<CellOutput>)>();
        ScriptState<object>? state = null;
        // Where a notebook's kernel stands.
        Directory.SetCurrentDirectory(Path.GetDirectoryName(notebook.Path)!);
        foreach (var cell in notebook.Cells.Where(cell => cell.IsCode))
        {
            using var display = new NotebookDisplay();
            try
            {
                state = state is null
                    ? await CSharpScript.RunAsync<object>(cell.Code, Options, cancellationToken: cancellationToken)
                    : await state.ContinueWithAsync<object>(cell.Code, Options, cancellationToken);
                if (state.ReturnValue is { } value)
                    display.Show(Shown(value));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"{notebook.Name}, cell {cell.Number}: {exception.Message}", exception);
            }

            results.Add((cell, display.Outputs));
        }

        return results;
    }

    /// <summary>
    /// What a notebook shows of a cell's last value: text, or a type that carries a <c>TypeFormatterSourceAttribute</c> by the formatter
    /// that the attribute names, found by name as .NET Interactive does.
    /// </summary>
    private static CellOutput Shown(object value) => value is string text
        ? new CellOutput(CellOutput.PlainText, text, IsPrinted: false)
        : new CellOutput(CellOutput.Html, FormatAsHtml(value), IsPrinted: false);

    private static string FormatAsHtml(object value)
    {
        var attribute = value.GetType().GetCustomAttributes(inherit: true)
            .FirstOrDefault(a => a.GetType().Name == "TypeFormatterSourceAttribute")
            ?? throw new InvalidOperationException(
                $"the last value is a {value.GetType().Name}, which the kernel shows as a tree of its properties; print it instead");
        var sourceType = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        var source = Activator.CreateInstance(sourceType, nonPublic: true)!;
        var formatter = ((IEnumerable)sourceType.GetMethod("CreateTypeFormatters")!.Invoke(source, null)!).Cast<object>()
            .First(one => (string)one.GetType().GetProperty("MimeType")!.GetValue(one)! == CellOutput.Html);
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        formatter.GetType().GetMethod("Format", [typeof(object), typeof(TextWriter)])!.Invoke(formatter, [value, writer]);
        return writer.ToString();
    }
}
