using MLNet.Softmax.Evaluation.Charts;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>The rows to look at: the most confident mistakes and, with pictures, the most doubtful rows.</summary>
internal sealed class RowSections(MarkupWriter markup, ProbabilityMetrics metrics, Func<string, byte[]?>? image)
{
    private const int LargestTotal = 2_000_000;

    private int _bytesLeft = LargestTotal;
    private int _picturesLeftOut;

    public void Write()
    {
        const string heading = "Most confident mistakes";
        const string introduction = "Worth looking at one by one: what a model is sure of and wrong about is often a wrong label.";
        var (mistakes, doubtful) = (metrics.ConfidentMistakes, metrics.DoubtfulRows);
        if (image is null)
        {
            if (mistakes.Count > 0)
                ReportSection.WriteTable(markup, heading, introduction, TableOf(mistakes), mistakes.Select(CellsOf));
            return;
        }

        WritePictures(heading, introduction, mistakes);
        WritePictures("Most doubtful rows", "The rows whose predicted class has the lowest probability, right or wrong.", doubtful);
        if (_picturesLeftOut > 0)
        {
            string text = $"Pictures left out: {Count(_picturesLeftOut)}. The report holds at most {Count(LargestTotal / 1_000_000)} MB of "
                + "them, and only JPEG, PNG, WebP and GIF.";
            markup.Element("p", text, ("class", "quiet"));
        }
    }

    private void WritePictures(string heading, string introduction, IReadOnlyList<EvaluatedRow> rows)
    {
        if (rows.Count == 0)
            return;
        using (ReportSection.Open(markup, heading, introduction))
        using (markup.Open("div", ("class", "pictures")))
        {
            foreach (var row in rows)
                WritePicture(row);
        }

        markup.Line();
    }

    private void WritePicture(EvaluatedRow row)
    {
        var (label, predicted) = (metrics.ClassNames[row.Label], metrics.ClassNames[row.Predicted]);
        bool isCorrect = row.Label == row.Predicted;
        using (markup.Open("figure"))
        {
            if (AddressOf(row.RowName) is { } address)
                markup.Empty("img", ("src", address), ("alt", $"{NameOf(row)}: {predicted} is predicted, {label} is true"));
            else
                markup.Element("div", "no picture", ("class", "missing quiet"));
            using (markup.Open("figcaption"))
            {
                markup.Element("strong", $"said {predicted} {Percent(row.Confidence)}");
                markup.Element("span", isCorrect ? "✓ right" : $"✗ is {label} {Percent(row.LabelProbability)}");
                markup.Element("small", NameOf(row));
            }
        }

        markup.Line();
    }

    /// <summary>The row's picture as a data URI; null if it has none or it is left out.</summary>
    private string? AddressOf(string? name)
    {
        if (name is null || image!(name) is not { } bytes)
            return null;
        if (MediaTypeOf(bytes) is not { } type || bytes.Length > _bytesLeft)
        {
            _picturesLeftOut++;
            return null;
        }

        _bytesLeft -= bytes.Length;
        return $"data:{type};base64,{Convert.ToBase64String(bytes)}";
    }

    /// <summary>The media type, from the signature in the first bytes.</summary>
    private static string? MediaTypeOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "image/gif",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        _ => null,
    };

    private static ReportTable TableOf(IReadOnlyList<EvaluatedRow> rows) => new(
        "Wrong answers by falling confidence", new(rows.Any(row => row.RowName is not null) ? "Row" : "Row id", IsNumber: false),
        new("Actual", IsNumber: false), new("Predicted", IsNumber: false), new("Its probability"), new("Probability of the actual"));

    private string[] CellsOf(EvaluatedRow row) =>
    [
        NameOf(row), metrics.ClassNames[row.Label], metrics.ClassNames[row.Predicted], Probability(row.Confidence),
        Probability(row.LabelProbability),
    ];

    private static string NameOf(EvaluatedRow row) => row.RowName ?? RowId(row.RowId);
}
