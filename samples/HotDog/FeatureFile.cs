using Microsoft.ML;
using Microsoft.ML.Data;

namespace HotDog;

/// <summary>
/// Reads a file of labelled features, after a look at its shape: a text loader forgives short rows, an account of results must not.
/// </summary>
internal static class FeatureFile
{
    private const int FirstFeature = 2;
    private const int LeastPerLabel = 40;

    public static IDataView Load(MLContext mlContext, string path)
    {
        var featureCount = Check(path);
        return mlContext.Data.LoadFromTextFile(
            path,
            [
                new TextLoader.Column(nameof(Photograph.Image), DataKind.String, 0),
                new TextLoader.Column(nameof(Photograph.Label), DataKind.String, 1),
                new TextLoader.Column(nameof(Photograph.Features), DataKind.Single, FirstFeature, FirstFeature + featureCount - 1),
            ],
            separatorChar: ',', hasHeader: true);
    }

    /// <summary>The number of features, the same in every row.</summary>
    private static int Check(string path)
    {
        using var lines = File.ReadLines(path).GetEnumerator();
        if (!lines.MoveNext() || !lines.Current.StartsWith("Image,Label,", StringComparison.Ordinal))
            throw Broken(path, 1, "Image,Label,F0,F1,... is expected there");
        var fieldCount = lines.Current.Split(',').Length;
        var counts = new Dictionary<string, int> { [Photograph.HotDog] = 0, [Photograph.NotHotDog] = 0 };
        for (var number = 2; lines.MoveNext(); number++)
        {
            var fields = lines.Current.Split(',');
            if (fields.Length != fieldCount)
                throw Broken(path, number, $"it has {fields.Length} fields, and the header has {fieldCount}");
            if (!counts.ContainsKey(fields[1]))
                throw Broken(path, number, $"its label is '{fields[1]}', but {Photograph.HotDog} or {Photograph.NotHotDog} is expected");
            var bad = Array.FindIndex(fields, FirstFeature, field => !float.TryParse(field, out var value) || !float.IsFinite(value));
            if (bad >= 0)
                throw Broken(path, number, $"its field {bad + 1} is '{fields[bad]}', but a number is expected");
            counts[fields[1]]++;
        }

        if (counts.Values.Min() < LeastPerLabel)
        {
            throw new FormatException(
                $"{path} has {counts[Photograph.HotDog]} photographs labelled {Photograph.HotDog} and " +
                $"{counts[Photograph.NotHotDog]} labelled {Photograph.NotHotDog}, " +
                $"but at least {LeastPerLabel} of each are needed to train, to calibrate and to judge.");
        }

        return fieldCount - FirstFeature;
    }

    private static FormatException Broken(string path, int line, string problem) => new($"{path}, line {line}: {problem}.");
}
