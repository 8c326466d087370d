using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Training;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax;

/// <summary>A trained multilayer perceptron: adds the predicted label and the logits, one raw score per class.</summary>
/// <remarks>
/// Score is no probability; <c>Transforms.Softmax</c> makes it one. A row with NaN or infinite features gets NaN scores and, as in ML.NET,
/// a missing predicted label (key 0). Equal scores: the class with the lower key wins.
/// </remarks>
[ModelFormat("Softmax.Perceptron", "MLPERCEP", 1)]
public sealed class MultilayerPerceptronTransformer : RowToRowTransformer, ILoadableTransformer<MultilayerPerceptronTransformer>
{
    private readonly LabelValues? _labels;

    internal MultilayerPerceptronTransformer(
        PerceptronNetwork network, LabelValues? labels, string featureColumnName, string scoreColumnName, string predictedLabelColumnName)
    {
        Network = network;
        _labels = labels;
        FeatureColumnName = featureColumnName;
        ScoreColumnName = scoreColumnName;
        PredictedLabelColumnName = predictedLabelColumnName;
    }

    /// <summary>The column that is read: as many <see cref="float"/> features as in training.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The added column of logits, in the order of the label's keys.</summary>
    public string ScoreColumnName { get; }

    /// <summary>The added key column with the class of the highest logit.</summary>
    public string PredictedLabelColumnName { get; }

    /// <summary>The number of features.</summary>
    public int FeatureCount => Network.Shape.FeatureCount;

    /// <summary>The units of each hidden layer, from the features on; empty for softmax regression.</summary>
    public IReadOnlyList<int> HiddenLayers => Network.Shape.HiddenLayers;

    /// <summary>The number of classes.</summary>
    public int ClassCount => Network.Shape.ClassCount;

    internal PerceptronNetwork Network { get; }

    static MultilayerPerceptronTransformer ILoadableTransformer<MultilayerPerceptronTransformer>.Load(ModelReader reader)
    {
        var (features, score, predicted) = (reader.ReadColumnName(), reader.ReadColumnName(), reader.ReadColumnName());
        var network = NetworkFormat.Read(reader);
        var labels = reader.ReadBoolean() ? LabelValues.Load(reader) : null;
        reader.Check(labels is null || labels.Texts.Count == network.Shape.ClassCount, $"{labels?.Texts.Count} labels for {network.Shape.ClassCount} classes");
        return new MultilayerPerceptronTransformer(network, labels, features, score, predicted);
    }

    private protected override void Save(ModelWriter writer)
    {
        writer.Write(FeatureColumnName);
        writer.Write(ScoreColumnName);
        writer.Write(PredictedLabelColumnName);
        NetworkFormat.Write(writer, Network);
        writer.Write(_labels is not null);
        _labels?.Save(writer);
    }

    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema) => MultilayerPerceptronExport.Add(graph, this, inputSchema);

    private protected override RowMapping Bind(DataViewSchema inputSchema)
    {
        var features = inputSchema.RequireFeatures(FeatureColumnName, FeatureCount);
        var setId = PredictionAnnotations.NextSetId(inputSchema);
        return new RowMapping(inputSchema, [features],
        [
            new(PredictedLabelColumnName, new KeyDataViewType(typeof(uint), ClassCount), PredictionAnnotations.OfPredictedLabel(_labels, setId)),
            new(ScoreColumnName, new VectorDataViewType(NumberDataViewType.Single, ClassCount), PredictionAnnotations.OfScore(_labels, setId)),
        ], row => CreateGetters(row, features));
    }

    private Delegate[] CreateGetters(DataViewRow row, DataViewSchema.Column features)
    {
        var getFeatures = row.GetGetter<VBuffer<float>>(row.Schema[features.Index]);
        VBuffer<float> source = default;
        var dense = new float[FeatureCount];
        var logits = new float[ClassCount];
        var scratch = new PerceptronNetwork.Scratch(Network.Shape);
        var scoring = new OncePerRow(row, () =>
        {
            getFeatures(ref source);
            if (source.Length != dense.Length)
                throw new InvalidOperationException($"Column '{FeatureColumnName}' has {source.Length} features in row {row.Position}, but the model was trained on {dense.Length}.");
            source.CopyTo(dense);
            Network.Score(dense, logits, scratch);
        });

        return
        [
            (ValueGetter<uint>)((ref uint predicted) =>
            {
                scoring.Ensure();
                var best = ArgMax.Compute(logits);
                predicted = float.IsNaN(logits[best]) ? 0 : (uint)best + 1;
            }),
            (ValueGetter<VBuffer<float>>)((ref VBuffer<float> score) =>
            {
                scoring.Ensure();
                var editor = VBufferEditor.Create(ref score, logits.Length);
                logits.CopyTo(editor.Values);
                score = editor.Commit();
            }),
        ];
    }
}
