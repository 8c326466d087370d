using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Calibration;
using MLNet.Softmax.Transforms;
using Spectre.Console;

namespace HotDog;

/// <summary>The saved model: the whole chain from a file name to the answer, and its head as an ONNX file.</summary>
internal sealed class SavedModel : IDisposable
{
    private static readonly string[] OnnxOutputs = ["Probability", "PredictedLabel", "TopLabels", "TopScores"];

    private readonly MLContext _mlContext;
    private readonly ITransformer _whole;
    private readonly TransformerChain<ITransformer> _fromPicture;

    private SavedModel(MLContext mlContext, ITransformer whole, TransformerChain<ITransformer> fromPicture) =>
        (_mlContext, _whole, _fromPicture) = (mlContext, whole, fromPicture);

    /// <summary>The probability from which each class that has a threshold is decided for.</summary>
    public IReadOnlyDictionary<string, float> Thresholds => _fromPicture.OfType<DecideTransformer>().Last().Thresholds;

    /// <summary>
    /// Saves the loader, the network and <paramref name="head"/> as one model, and the head as ONNX beside it. After ImageClassification
    /// the head has the network, and no ONNX form.
    /// </summary>
    public static void Save(MLContext mlContext, TransformerChain<ITransformer> head, string path, bool hasOwnNetwork)
    {
        using var whole = new TransformerChain<ITransformer>(hasOwnNetwork
            ? [ImageNetwork.CreateJpegLoader(mlContext), .. head]
            : [ImageNetwork.CreateLoader(mlContext), .. ImageNetwork.Create(mlContext), .. head]);
        mlContext.Model.Save(whole, mlContext.Data.LoadFromEnumerable(Array.Empty<PhotographFile>()).Schema, path);
        AnsiConsole.WriteLine($"Saved {path} ({new FileInfo(path).Length / 1e6:0} MB): from the name of a file to its answer.");
        if (!hasOwnNetwork)
            SaveOnnx(mlContext, head, path);
    }

    /// <summary>Loads a saved model as any program would. A threshold replaces the model's own.</summary>
    public static SavedModel Load(string path, float? threshold = null)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no model {path}. Make one with 'hotdog train', which takes half a minute.");
        var mlContext = new MLContext();
        var model = (TransformerChain<ITransformer>)mlContext.Model.Load(path, out _);
        // All but the loader: PhotographReader reads the files, because it finds broken ones and turns pictures upright.
        var rest = new TransformerChain<ITransformer>([.. model.Skip(1)]);
        if (threshold is not null)
        {
            var positive = rest.OfType<DecideTransformer>().SelectMany(step => step.Thresholds.Keys).FirstOrDefault()
                ?? throw new ArgumentException($"No class of {path} has a threshold. Train it with --positive CLASS.");
            var decide = mlContext.Transforms.Decide(positiveClass: positive, threshold: threshold)
                .Append(mlContext.Transforms.Conversion.MapKeyToValue(nameof(Answer.PredictedLabel)));
            rest = new([.. rest, .. decide.Fit(rest.Transform(mlContext.Data.LoadFromEnumerable(Array.Empty<PhotographInMemory>())))]);
        }

        return new SavedModel(mlContext, model, rest);
    }

    /// <summary>An engine answers one photograph at a time. All engines share this model, which must outlive them.</summary>
    public PredictionEngine<PhotographInMemory, Answer> CreateEngine() =>
        _mlContext.Model.CreatePredictionEngine<PhotographInMemory, Answer>(
            _fromPicture, new PredictionEngineOptions { OwnsTransformer = false });

    /// <summary>Deletes the network's temporary file too.</summary>
    public void Dispose() => (_whole as IDisposable)?.Dispose();

    /// <summary>The image steps have no ONNX form in ML.NET, so the graph begins at the features.</summary>
    private static void SaveOnnx(MLContext mlContext, TransformerChain<ITransformer> head, string path)
    {
        var onnx = path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? path + ".onnx" : Path.ChangeExtension(path, ".onnx");
        // Prediction sets have no ONNX form either.
        var exported = new TransformerChain<ITransformer>([.. head.Where(step => step is not PredictionSetTransformer)]);
        // In memory first: an export that fails leaves no file.
        using var content = new MemoryStream();
        var input = mlContext.Data.LoadFromEnumerable(Array.Empty<PhotographFeatures>());
        mlContext.Model.ConvertToOnnx(exported, input, content, OnnxOutputs);
        File.WriteAllBytes(onnx, content.ToArray());
        AnsiConsole.WriteLine(
            $"Exported {onnx} ({content.Length / 1024.0:0} KB): from features [rows, 1, {ImageNetwork.FeatureCount}, 1, 1] to "
            + "probabilities and labels, for any ONNX runtime.");
    }
}
