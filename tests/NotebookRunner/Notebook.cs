using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner;

/// <summary>A Jupyter notebook (format 4) whose code cells are C#.</summary>
internal sealed class Notebook
{
    private static readonly JsonSerializerOptions Layout =
        new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject document;

    private Notebook(string path, JsonObject document)
    {
        Path = path;
        this.document = document;
        Cells = [.. document["cells"]!.AsArray().Select((cell, index) => new NotebookCell(cell!.AsObject(), index + 1))];
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public IReadOnlyList<NotebookCell> Cells { get; }

    public static Notebook Load(string path)
    {
        try
        {
            return new Notebook(path, JsonNode.Parse(File.ReadAllText(path))!.AsObject());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new InvalidDataException($"{path} is not a Jupyter notebook of format 4: {exception.Message}", exception);
        }
    }

    public void Save() => File.WriteAllText(Path, document.ToJsonString(Layout) + "\n");
}
