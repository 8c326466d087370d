using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax;
using MLNet.Softmax.Calibration;
using MLNet.Softmax.Transforms;
using Spectre.Console;
using Perceptron = Microsoft.ML.Data.MulticlassPredictionTransformer<MLNet.Softmax.Training.MultilayerPerceptronModelParameters>;

namespace HotDog;

/// <summary>Exports what the model computes from features, so that it runs where there is no .NET.</summary>
internal static class OnnxFile
{
    private static readonly string[] Outputs = ["Probability", "TopLabels", "TopScores"];

    /// <summary>The file beside the saved model.</summary>
    public static string Beside(string modelFile) => modelFile.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
        ? modelFile + ".onnx"
        : Path.ChangeExtension(modelFile, ".onnx");

    public static void Save(MLContext mlContext, ITransformer model, string path)
    {
        var steps = Steps(model).Where(step => step is Perceptron or TemperatureCalibratorTransformer or TopKTransformer).ToArray();
        var featureCount = steps.OfType<Perceptron>().Single().Model.FeatureCount;
        var schema = SchemaDefinition.Create(typeof(Input));
        schema[nameof(Input.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, featureCount);
        var input = mlContext.Data.LoadFromEnumerable(Array.Empty<Input>(), schema);

        // In memory first: an export that fails leaves no file.
        using var content = new MemoryStream();
        mlContext.Model.ConvertToOnnx(new TransformerChain<ITransformer>(steps), input, content, Outputs);
        File.WriteAllBytes(path, content.ToArray());
        Show(path, featureCount);
    }

    private static void Show(string path, int featureCount)
    {
        var size = new FileInfo(path).Length / 1024.0;
        AnsiConsole.WriteLine($"Exported {path} ({size:0} KB), which any ONNX runtime takes, for any number of rows at once. In Node.js:");
        AnsiConsole.WriteLine($"  const session = await ort.InferenceSession.create('{Path.GetFileName(path)}');");
        AnsiConsole.WriteLine(
            $"  const answer = await session.run({{ Features: new ort.Tensor('float32', features, [rows, {featureCount}]) }});");
        AnsiConsole.WriteLine($"  answer['TopLabels.output'], answer['TopScores.output'], answer['Probability.output']  // each [rows, 2]");
    }

    /// <summary>The steps of a model, chains within chains included.</summary>
    private static IEnumerable<ITransformer> Steps(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [model];

    /// <summary>What the exported model is given.</summary>
    private sealed class Input
    {
        public float[] Features { get; set; } = [];
    }
}
