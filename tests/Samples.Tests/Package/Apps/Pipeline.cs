// Run with "make FOLDER CULTURE", it trains, predicts, evaluates, reports, exports and saves a model for each transformer of the library.
// Run with "load FOLDER CULTURE", it loads those models and predicts again, with nothing but ML.NET's own calls.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

var (command, folder) = (args[0], args[1]);
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = new(args[2]);
Console.WriteLine($"{CultureInfo.CurrentCulture.Name} {0.5}");
if (command == "make")
    Making.Run(folder);
else
    Loading.Run(folder);

internal static class Making
{
    public static void Run(string folder)
    {
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromEnumerable(Row.Some(300));
        var perceptron = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [8], epochCount: 20, seed: 1)).Fit(data);
        var scored = perceptron.Transform(data);
        var calibrators = mlContext.MulticlassClassification.Calibrators;
        var softmax = mlContext.Transforms.Softmax("Probability", "Score").Fit(scored);
        var probable = softmax.Transform(scored);

        Save("Score.perceptron", perceptron);
        (string Name, ITransformer Step)[] steps =
        [
            ("Probability.softmax", softmax),
            ("Probability.log-softmax", mlContext.Transforms.LogSoftmax("Probability", "Score", temperature: 1.5f).Fit(scored)),
            ("Probability.temperature", calibrators.Temperature().Fit(scored)),
            ("Probability.vector", calibrators.VectorScaling().Fit(scored)),
            ("Probability.matrix", calibrators.MatrixScaling().Fit(scored)),
            ("Probability.dirichlet", calibrators.Dirichlet().Fit(scored)),
            ("Probability.isotonic", calibrators.Isotonic().Fit(scored)),
            ("TopLabels.top-k", mlContext.Transforms.TopK("Top", "Score", k: 2).Fit(scored)),
        ];
        foreach (var (name, step) in steps)
            Save(name, perceptron.Append(step));
        Save("PredictionSet.set", perceptron.Append(softmax).Append(calibrators.PredictionSet(coverage: 0.9).Fit(probable)));

        mlContext.MulticlassClassification.EvaluateProbabilities(probable).SaveReport(Path.Combine(folder, "report.html"));
        using var onnx = File.Create(Path.Combine(folder, "model.onnx"));
        mlContext.Model.ConvertToOnnx(perceptron.Append(softmax), data, onnx);

        void Save(string name, ITransformer model)
        {
            mlContext.Model.Save(model, data.Schema, Path.Combine(folder, name + ".zip"));
            Console.WriteLine(Answers.Of(name, mlContext, model));
        }
    }
}

internal static class Loading
{
    public static void Run(string folder)
    {
        if (AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name!.StartsWith("MLNet", StringComparison.Ordinal)))
            throw new InvalidOperationException("The library was loaded before a model asked for it.");
        foreach (var path in Directory.GetFiles(folder, "*.zip"))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            var mlContext = new MLContext();
            Console.WriteLine(Answers.Of(name, mlContext, mlContext.Model.Load(path, out _)));
            using var stream = File.OpenRead(path);
            Console.WriteLine(Answers.Of(name, mlContext, mlContext.Model.Load(stream, out _)));
        }
    }
}

internal static class Answers
{
    /// <summary>What an engine of the model answers for a few rows, in the column that the model's name begins with.</summary>
    public static string Of(string name, MLContext mlContext, ITransformer model) => $"{name}: " + name.Split('.')[0] switch
    {
        "Score" => Of<Scores>(mlContext, model, answer => Text(answer.Score)),
        "Probability" => Of<Probabilities>(mlContext, model, answer => Text(answer.Probability)),
        "TopLabels" => Of<TopLabelled>(mlContext, model, answer => string.Join(' ', answer.TopLabels)),
        _ => Of<Sets>(mlContext, model, answer => string.Join(' ', answer.PredictionSet)),
    };

    private static string Of<TAnswer>(MLContext mlContext, ITransformer model, Func<TAnswer, string> text)
        where TAnswer : class, new()
    {
        using var engine = mlContext.Model.CreatePredictionEngine<Row, TAnswer>(model);
        return string.Join(" | ", Row.Some(4).Select(row => text(engine.Predict(row))));
    }

    private static string Text(float[] values) =>
        string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}

internal sealed class Row
{
    public string Label { get; set; } = "";

    [VectorType(2)]
    public float[] Features { get; set; } = [];

    /// <summary>Three classes that overlap.</summary>
    public static IEnumerable<Row> Some(int count)
    {
        var random = new Random(1);
        for (int i = 0; i < count; i++)
        {
            float[] features = [(i % 3 == 0 ? 1 : 0) + random.NextSingle(), (i % 3 == 1 ? 1 : 0) + random.NextSingle()];
            yield return new() { Label = $"class {i % 3}", Features = features };
        }
    }
}

internal sealed class Scores
{
    public float[] Score { get; set; } = [];
}

internal sealed class Probabilities
{
    public float[] Probability { get; set; } = [];
}

internal sealed class TopLabelled
{
    public string[] TopLabels { get; set; } = [];
}

internal sealed class Sets
{
    public string[] PredictionSet { get; set; } = [];
}
