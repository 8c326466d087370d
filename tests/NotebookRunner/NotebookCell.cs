using System.Text.Json.Nodes;

namespace NotebookRunner;

/// <summary>One cell of a notebook: prose or code, and for code the outputs stored with it.</summary>
internal sealed class NotebookCell(JsonObject cell, int number)
{
    /// <summary>Counted from 1, prose included.</summary>
    public int Number => number;

    public bool IsCode => (string?)cell["cell_type"] == "code";

    public string Source => JoinLines(cell["source"]);

    public IReadOnlyList<CellOutput> Outputs
    {
        get => [.. (cell["outputs"]?.AsArray() ?? []).Select(output => CellOutput.FromJson(output!.AsObject()))];
        set => cell["outputs"] = new JsonArray([.. value.Select(output => (JsonNode)output.ToJson())]);
    }

    /// <summary>Jupyter stores a text as one string or as a list of lines.</summary>
    public static string JoinLines(JsonNode? text) => text switch
    {
        null => "",
        JsonArray lines => string.Concat(lines.Select(line => (string?)line)),
        _ => (string)text!,
    };

    public static JsonArray SplitLines(string text)
    {
        var lines = new JsonArray();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }
}
