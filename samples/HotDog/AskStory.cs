using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using MLNet.Softmax.Samples;

namespace HotDog;

/// <summary>Asks a saved model about photographs, one line or JSON entry each.</summary>
internal static class AskStory
{
    private const int BarLength = 20;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <returns>0, or 2 if no photograph could be answered.</returns>
    public static int Tell(AskSettings settings, CancellationToken stop)
    {
        using var model = SavedModel.Load(settings.Model, settings.Threshold);
        using var engine = model.CreateEngine();
        var entries = new List<JsonEntry>();
        foreach (var file in settings.Photographs.SelectMany(Expand))
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                var clock = Stopwatch.StartNew();
                using var photograph = PhotographReader.Read(file);
                var answer = engine.Predict(new PhotographInMemory { Image = photograph });
                var top = answer.TopLabels.Zip(answer.TopScores, (label, score) => new JsonScore(label, score)).Take(settings.Top);
                entries.Add(new JsonEntry(file, [.. top], answer.PredictionSet));
                if (!settings.Json)
                    Write(file, answer, settings.Top, clock.Elapsed);
            }
            catch (PhotographException exception)
            {
                Console.Error.WriteLine($"hotdog: {exception.Message}");
            }
        }

        if (settings.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(entries, Indented));
        return entries.Count > 0 ? 0 : SampleCommand.CannotBeDone;
    }

    private static IEnumerable<string> Expand(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(PhotographReader.IsPhotograph).Order(StringComparer.Ordinal)
        : [path];

    private static void Write(string file, Answer answer, int top, TimeSpan time)
    {
        var first = true;
        foreach (var (label, score) in answer.TopLabels.Zip(answer.TopScores).Take(top))
        {
            var bar = new string('█', (int)Math.Round(score * BarLength)).PadRight(BarLength, '░');
            var set = string.Join(", ", answer.PredictionSet);
            var rest = first ? $"  {{ {set} }}  {time.TotalMilliseconds,4:0} ms  => {answer.PredictedLabel}" : "";
            Console.Out.WriteLine($"{(first ? Path.GetFileName(file) : ""),-24} {label,-14} {bar} {score,6:0.0%}{rest}");
            first = false;
        }
    }

    private sealed record JsonEntry(string File, JsonScore[] Top, string[] Set);

    private sealed record JsonScore(string Label, float Score);
}
