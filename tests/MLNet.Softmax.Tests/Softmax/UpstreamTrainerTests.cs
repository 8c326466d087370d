using System.Globalization;

namespace MLNet.Softmax.Tests;

/// <summary>The steps after each of ML.NET's multiclass trainers, with labels of each type.</summary>
public class UpstreamTrainerTests
{
    private const int RowCount = 240;

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string, string> TrainersAndLabels => new(
        from trainer in MLNetTrainers.Kinds.Keys
        from labels in (string[])["text", "int", "bool", "float", "date"]
        select (trainer, labels));

    [Theory]
    [MemberData(nameof(TrainersAndLabels))]
    public void StepsAfterATrainer_DetectTheScoresNameTheClassesAndEvaluate(string trainer, string labels)
    {
        var (data, names, classes) = Data(labels);
        var kind = MLNetTrainers.Kinds[trainer];
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(MLNetTrainers.Create(_mlContext, trainer))
            .Append(_mlContext.Transforms.Softmax("Softmax", "Score"))
            .Append(_mlContext.MulticlassClassification.Calibrators.Temperature())
            .Append(_mlContext.Transforms.TopK("Top", "Softmax", k: names.Length));
        var model = pipeline.Fit(data);
        var output = model.Transform(data);
        var (scores, softmax) = (output.Column("Score"), output.Column("Softmax"));

        Assert.Equal(kind, model.OfType<SoftmaxTransformer>().Single().ScoreKind);
        Assert.Equal(kind, model.OfType<TemperatureCalibratorTransformer>().Single().ScoreKind);
        for (var row = 0; row < RowCount; row++)
        {
            var expected = kind == ScoreKind.Logits ? Scores.NaiveSoftmax(scores[row]) : [.. scores[row].Select(p => (double)p)];
            Scores.AssertClose(expected, softmax[row], 1e-5);
            Assert.Equal(1, softmax[row].Sum(p => (double)p), 1e-6);
        }

        Assert.Equal(
            softmax.Select(row => string.Join(", ", names.Index().OrderByDescending(name => row[name.Index]).Select(name => name.Item))),
            output.GetColumn<string[]>("TopLabels").Select(top => string.Join(", ", top)));

        var metrics = _mlContext.MulticlassClassification.EvaluateProbabilities(output, probabilityColumnName: "Softmax");
        Assert.Equal(names, metrics.ClassNames);
        Assert.Equal(_mlContext.MulticlassClassification.Evaluate(output).MicroAccuracy, metrics.MicroAccuracy, 1e-12);
        Assert.InRange(metrics.MicroAccuracy, 0.6, 0.999);

        var calibrated = output.Column("Probability");
        var ofMLNet = _mlContext.MulticlassClassification.Evaluate(output, scoreColumnName: "Probability");
        Assert.Equal(calibrated.Select((row, i) => -Math.Log(Math.Max(row[classes[i]], 1e-15))).Average(), ofMLNet.LogLoss, 1e-6);
        Assert.Equal(metrics.MicroAccuracy, ofMLNet.MicroAccuracy, 1e-12);
        Assert.True(ofMLNet.LogLoss <= metrics.LogLoss + 1e-6, $"{ofMLNet.LogLoss} after calibration, {metrics.LogLoss} before it.");
    }

    /// <summary>Features around one centre a class, some of them nearer to another. The first rows are of the classes in turn.</summary>
    private static (MemoryView Data, string[] Names, int[] Classes) Data(string labels)
    {
        float[][] centres = [[1, 1, -1, -1], [-1, 1, 1, -1], [-1, -1, 1, 1]];
        var random = new Random(7);
        var classCount = labels == "bool" ? 2 : 3;
        int[] classes = [.. Enumerable.Range(0, RowCount).Select(row => row < classCount ? row : random.Next(classCount))];
        float Noise() => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2.5f;
        var data = new MemoryView().WithScores("Features", [4], [.. classes.Select(c => centres[c].Select(x => x + Noise()).ToArray())]);
        return labels switch
        {
            "text" => Named(TextDataViewType.Instance, ["hot dog".AsMemory(), "pizza".AsMemory(), "salad".AsMemory()]),
            "int" => Named(NumberDataViewType.Int32, [12, 3, 7]),
            "date" => Named(DateTimeDataViewType.Instance, [new DateTime(2026, 3, 1), new DateTime(2026, 1, 1), new DateTime(2026, 2, 1)]),
            "bool" => Named(BooleanDataViewType.Instance, [true, false]),
            _ => Named(NumberDataViewType.Single, [1.5f, -2f, 0.25f]),
        };

        (MemoryView, string[], int[]) Named<T>(PrimitiveDataViewType type, T[] values)
        {
            string[] names =
            [
                .. values.Select(value => value is DateTime date ? date.ToString("O", CultureInfo.InvariantCulture)
                    : Convert.ToString(value, CultureInfo.InvariantCulture)!),
            ];
            return (data.With("Name", type, [.. classes.Select(c => values[c])]), names, classes);
        }
    }
}
