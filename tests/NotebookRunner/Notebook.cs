using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookRunner;

/// <summary>A Jupyter notebook (format 4) whose code cells are C#.</summary>
internal sealed class Notebook
{
    private static readonly JsonSerializerOptions Layout =
        new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject document;

    public Notebook(string path)
    {
        Path = path;
        try
        {
            document = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            Cells = [.. document["cells"]!.AsArray().Select((cell, index) => new NotebookCell(cell!.AsObject(), index + 1))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new InvalidDataException($"{path} is not a Jupyter notebook of format 4: {exception.Message}", exception);
        }
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public IReadOnlyList<NotebookCell> Cells { get; }

    public void Save() => File.WriteAllText(Path, document.ToJsonString(Layout) + "\n");
}

/// <summary>One cell of a notebook: prose or code, and for code the outputs stored with it.</summary>
internal sealed partial class NotebookCell(JsonObject cell, int number)
{
    /// <summary>Counted from 1, prose included.</summary>
    public int Number => number;

    public bool IsCode => (string?)cell["cell_type"] == "code";

    /// <summary>Whether it begins with the line <c>#r "nuget: MLNet.Softmax"</c> that a reader needs.</summary>
    public bool NamesPackage => PackageDirective().IsMatch(Source);

    public string Source => JupyterText.Join(cell["source"]);

    /// <summary>The source with the library just built in the place of the package.</summary>
    public string Code => PackageDirective().Replace(Source, "");

    public IReadOnlyList<CellOutput> Outputs
    {
        get => [.. (cell["outputs"]?.AsArray() ?? []).Select(output => CellOutput.FromJson(output!.AsObject()))];
        set => cell["outputs"] = new JsonArray([.. value.Select(output => (JsonNode)output.ToJson())]);
    }

    [GeneratedRegex("""^#r "nuget: *[^"]+"[ \t]*\r?\n?""", RegexOptions.Multiline)]
    private static partial Regex PackageDirective();
}

/// <summary>What a code cell showed: the text it printed, or a value in one of Jupyter's media types.</summary>
internal sealed record CellOutput(string MediaType, string Text, bool IsPrinted)
{
    public const string PlainText = "text/plain";
    public const string Html = "text/html";

    public static CellOutput FromJson(JsonObject json)
    {
        if ((string?)json["output_type"] == "stream")
            return new CellOutput(PlainText, JupyterText.Join(json["text"]), IsPrinted: true);
        var data = json["data"]?.AsObject() ?? throw new InvalidDataException("A stored output holds neither printed text nor data.");
        string mediaType = data.ContainsKey(Html) ? Html : PlainText;
        return new CellOutput(mediaType, JupyterText.Join(data[mediaType]), IsPrinted: false);
    }

    public JsonObject ToJson()
    {
        if (IsPrinted)
            return new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = JupyterText.Split(Text) };
        var data = new JsonObject { [MediaType] = JupyterText.Split(Text) };
        // A drawing is stored as an image too: code hosts show images, but strip drawings from markup.
        if (MediaType == Html && Text.StartsWith("<svg", StringComparison.Ordinal))
            data["image/svg+xml"] = JupyterText.Split(Text);
        return new JsonObject { ["data"] = data, ["metadata"] = new JsonObject(), ["output_type"] = "display_data" };
    }
}

/// <summary>Jupyter stores a text as one string or as a list of lines.</summary>
internal static partial class JupyterText
{
    public static string Join(JsonNode? text) =>
        text is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)text ?? "";

    public static JsonArray Split(string text) => new([.. Line().Matches(text).Select(line => JsonValue.Create(line.Value))]);

    [GeneratedRegex(@"[^\n]*\n|[^\n]+$")]
    private static partial Regex Line();
}
