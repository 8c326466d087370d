using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Trainers;
using MLNet.Softmax.Numerics.Training;
using MLNet.Softmax.Training;

[assembly: LoadableClass(
    typeof(MultilayerPerceptronModelParameters), null, typeof(SignatureLoadModel), "Multilayer perceptron",
    MultilayerPerceptronModelParameters.LoaderSignature)]

namespace MLNet.Softmax.Training;

/// <summary>The layers of a trained multilayer perceptron, with the means and scales of its features.</summary>
/// <remarks>Immutable: any number of threads may score with one instance.</remarks>
[ModelFormat(LoaderSignature, "MLPERCEP", 1)]
public sealed class MultilayerPerceptronModelParameters : ModelParametersBase<VBuffer<float>>, IValueMapper, ISingleCanSaveOnnx
{
    internal const string LoaderSignature = "Softmax.Perceptron";

    private readonly PerceptronNetwork _network;

    internal MultilayerPerceptronModelParameters(IHostEnvironment environment, PerceptronNetwork network)
        : base(environment, LoaderSignature) => _network = network;

    /// <summary>The number of features.</summary>
    public int FeatureCount => _network.Shape.FeatureCount;

    /// <summary>The units of each hidden layer, from the features on; empty for softmax regression.</summary>
    public IReadOnlyList<int> HiddenLayers => _network.Shape.HiddenLayers;

    /// <summary>The number of classes.</summary>
    public int ClassCount => _network.Shape.ClassCount;

    internal MulticlassPredictionTransformer<MultilayerPerceptronModelParameters> ToTransformer(
        IHostEnvironment environment, DataViewSchema trainSchema, string featureColumnName, string labelColumnName) =>
        new(environment, this, trainSchema, featureColumnName, labelColumnName);

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    DataViewType IValueMapper.InputType => new VectorDataViewType(NumberDataViewType.Single, FeatureCount);

    DataViewType IValueMapper.OutputType => new VectorDataViewType(NumberDataViewType.Single, ClassCount);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    ValueMapper<TSrc, TDst> IValueMapper.GetMapper<TSrc, TDst>()
    {
        // Each cursor creates its own mapper, so only one thread uses the buffers.
        var scratch = new PerceptronNetwork.Scratch(_network.Shape);
        var dense = new float[FeatureCount];
        ValueMapper<VBuffer<float>, VBuffer<float>> map = (in VBuffer<float> features, ref VBuffer<float> score) =>
        {
            if (features.Length != dense.Length)
                throw new InvalidOperationException($"A row has {features.Length} features, but the model was trained on {dense.Length}.");
            if (!features.IsDense)
                features.CopyTo(dense);
            var editor = VBufferEditor.Create(ref score, ClassCount);
            _network.Score(features.IsDense ? features.GetValues() : dense, editor.Values, scratch);
            score = editor.Commit();
        };
        return (ValueMapper<TSrc, TDst>)(Delegate)map;
    }

    /// <summary>
    /// Adds the features standardised, a Gemm per layer with Relu between them, and ArgMax + 1 for the key of the predicted label. For a
    /// row with NaN features, the key is the output of ArgMax; in ML.NET it is 0 (missing).
    /// </summary>
    bool ISingleCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn)
    {
        var graph = new OnnxGraph(ctx);
        var (predictedLabel, score) = (outputNames[0], outputNames[1]);
        var means = graph.Constant(_network.Standardization.Means.ToArray(), score, "Means", 1, FeatureCount);
        var scales = graph.Constant(_network.Standardization.Scales.ToArray(), score, "Scales", 1, FeatureCount);
        // Features may have several dimensions.
        var layerInput = graph.Compute("Flatten", [featureColumn], score, ("axis", 1L));
        layerInput = graph.Compute("Mul", [graph.Compute("Sub", [layerInput, means], score), scales], score);

        var layers = _network.Shape.Layers;
        for (var index = 0; index < layers.Length; index++)
        {
            var layer = layers[index];
            string[] inputs =
            [
                layerInput,
                graph.Constant(layer.Weights(_network.Parameters).ToArray(), score, $"Weights{index}", layer.InputCount, layer.OutputCount),
                graph.Constant(layer.Biases(_network.Parameters).ToArray(), score, $"Biases{index}", layer.OutputCount),
            ];
            if (index == layers.Length - 1)
                graph.Add("Gemm", inputs, [score]);
            else
                layerInput = graph.Compute("Relu", [graph.Compute("Gemm", inputs, score)], score);
        }

        var best = graph.Compute("ArgMax", [score], score, ("axis", 1L), ("keepdims", 1L));
        var key = graph.Compute("Add", [best, graph.Constant([1L], score, "FirstKey", 1)], score);
        graph.Add("Cast", [key], [predictedLabel], ("to", typeof(uint)));
        return true;
    }

    /// <inheritdoc/>
    protected override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        var writer = ModelWriter.Begin(ctx, typeof(MultilayerPerceptronModelParameters));
        writer.Write([FeatureCount, .. HiddenLayers, ClassCount]);
        writer.Write(_network.Standardization.Means);
        writer.Write(_network.Standardization.Scales);
        writer.Write(_network.Shape.ByOutput(_network.Parameters));
    }

    /// <summary>ML.NET calls this method to load the model.</summary>
    private static MultilayerPerceptronModelParameters Create(IHostEnvironment env, ModelLoadContext ctx) =>
        ModelReader.Load(env, ctx, reader => new MultilayerPerceptronModelParameters(env, ReadNetwork(reader)));

    /// <exception cref="FormatException">The file does not hold such a model.</exception>
    private static PerceptronNetwork ReadNetwork(ModelReader reader)
    {
        var floatSize = reader.ReadInt32();
        reader.Check(floatSize == sizeof(float), $"numbers of {floatSize} bytes where 4 are expected");
        var unitCounts = reader.ReadInt32s();
        var layers = $"layers of [{string.Join(", ", unitCounts.Take(20))}] units";
        reader.Check(unitCounts.Length >= 2 && unitCounts.All(units => units > 0), layers);
        long parameterCount = 0;
        for (var layer = 1; layer < unitCounts.Length && parameterCount <= Array.MaxLength; layer++)
            parameterCount += (unitCounts[layer - 1] + 1L) * unitCounts[layer];
        var (means, scales, parameters) = (reader.ReadSingles(), reader.ReadSingles(), reader.ReadSingles());
        reader.Check(
            means.Length == unitCounts[0] && scales.Length == unitCounts[0] && parameters.Length == parameterCount,
            $"{means.Length} means, {scales.Length} scales and {parameters.Length} parameters for {layers}");
        reader.Check(AreFinite(means) && AreFinite(scales) && AreFinite(parameters), "a number that is not finite");
        var shape = new NetworkShape(unitCounts);
        return new PerceptronNetwork(shape, new FeatureStandardization(means, scales), shape.ByInput(parameters));
    }

    private static bool AreFinite(float[] numbers) => float.IsFinite(TensorPrimitives.MaxMagnitude<float>(numbers));
}
