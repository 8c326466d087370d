using System.Text.Json.Nodes;

namespace NotebookRunner;

/// <summary>What a code cell showed: the text it printed, or a value in one of Jupyter's media types.</summary>
internal sealed record CellOutput(string MediaType, string Text, bool IsPrinted)
{
    public const string PlainText = "text/plain";
    public const string Html = "text/html";
    private const string Svg = "image/svg+xml";

    public static CellOutput FromJson(JsonObject json)
    {
        if ((string?)json["output_type"] == "stream")
            return new CellOutput(PlainText, NotebookCell.JoinLines(json["text"]), IsPrinted: true);
        var data = json["data"]?.AsObject() ?? throw new InvalidDataException("A stored output holds neither printed text nor data.");
        string mediaType = data.ContainsKey(Html) ? Html : PlainText;
        return new CellOutput(mediaType, NotebookCell.JoinLines(data[mediaType]), IsPrinted: false);
    }

    public JsonObject ToJson() => IsPrinted
        ? new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = NotebookCell.SplitLines(Text) }
        : new JsonObject
        {
            ["data"] = Data(),
            ["metadata"] = new JsonObject(),
            ["output_type"] = "display_data",
        };

    /// <summary>A drawing is stored as an image too: code hosts show images, but strip drawings from markup.</summary>
    private JsonObject Data()
    {
        var data = new JsonObject { [MediaType] = NotebookCell.SplitLines(Text) };
        if (MediaType == Html && Text.StartsWith("<svg", StringComparison.Ordinal))
            data[Svg] = NotebookCell.SplitLines(Text);
        return data;
    }
}
