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
    // Everything the runner itself was built against: the library, the ML.NET of this build, the framework.
    private static readonly ScriptOptions Options = ScriptOptions.Default
        .WithReferences(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)))
        .WithImports("System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text", "System.Threading.Tasks")
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
            var printed = new StringWriter { NewLine = "\n" };
            var console = Console.Out;
            Console.SetOut(printed);
            try
            {
                state = state is null
                    ? await CSharpScript.RunAsync<object>(
                        cell.Code, Options, new NotebookGlobals(), typeof(NotebookGlobals), cancellationToken)
                    : await state.ContinueWithAsync<object>(cell.Code, Options, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"{notebook.Name}, cell {cell.Number}: {exception.Message}", exception);
            }
            finally
            {
                Console.SetOut(console);
            }

            CellOutput[] text = printed.ToString() is { Length: > 0 } all ? [new(CellOutput.PlainText, all, IsPrinted: true)] : [];
            results.Add((cell, state.ReturnValue is { } value ? [.. text, Shown(value)] : text));
        }

        return results;
    }

    /// <summary>
    /// What a notebook shows of a cell's last value. A type that carries a <c>TypeFormatterSourceAttribute</c>
    /// is shown by the formatter that the attribute names, found by name as .NET Interactive does.
    /// </summary>
    private static CellOutput Shown(object value) => value as CellOutput ?? (FormatAsHtml(value) is { } html
        ? new CellOutput(CellOutput.Html, html, IsPrinted: false)
        : new CellOutput(CellOutput.PlainText, FormatAsText(value), IsPrinted: false));

    private static string FormatAsText(object? value) => value switch
    {
        null => "<null>",
        string text => text,
        IEnumerable items => "[ " + string.Join(", ", items.Cast<object?>().Select(FormatAsText)) + " ]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string? FormatAsHtml(object value)
    {
        var attribute = value.GetType().GetCustomAttributes(inherit: true)
            .FirstOrDefault(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        if (attribute is null)
            return null;
        var sourceType = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        var source = Activator.CreateInstance(sourceType, nonPublic: true)!;
        var formatter = ((IEnumerable)sourceType.GetMethod("CreateTypeFormatters")!.Invoke(source, null)!).Cast<object>()
            .FirstOrDefault(one => (string)one.GetType().GetProperty("MimeType")!.GetValue(one)! == CellOutput.Html);
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        formatter?.GetType().GetMethod("Format", [typeof(object), typeof(TextWriter)])!.Invoke(formatter, [value, writer]);
        return formatter is null ? null : writer.ToString();
    }
}

/// <summary>The functions of a C# notebook that are not part of C#, under .NET Interactive's names.</summary>
public sealed class NotebookGlobals
{
#pragma warning disable CA1822 // A script sees only the instance members of its globals.
    public CellOutput HTML(string html) => new(CellOutput.Html, html, IsPrinted: false);
#pragma warning restore CA1822
}
