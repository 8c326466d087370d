#nullable disable

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Microsoft.ML.Vision;

[assembly: LoadableClass(
    typeof(ImageClassificationModelParameters), null, typeof(SignatureLoadModel), "Image classification predictor",
    ImageClassificationModelParameters.LoaderSignature)]

namespace Microsoft.ML.Vision;

/// <summary>
/// Stands in for the trainer of Microsoft.ML.Vision, which the tests do not have: the members that the hot-dog sample uses, with the same
/// signatures, base classes and columns. Instead of a network, it compares the mean byte of a picture with that of each class.
/// </summary>
public sealed class ImageClassificationTrainer :
    TrainerEstimatorBase<MulticlassPredictionTransformer<ImageClassificationModelParameters>, ImageClassificationModelParameters>
{
    internal ImageClassificationTrainer(IHostEnvironment env, Options options)
        : base(
            env.Register("ImageClassificationTrainer"),
            new SchemaShape.Column(
                options.FeatureColumnName, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.Byte, false),
            TrainerUtils.MakeU4ScalarColumn(options.LabelColumnName)) => Used = options;

    public enum Architecture { ResnetV2101, InceptionV3, MobilenetV2, ResnetV250 }

    public sealed class TrainMetrics
    {
        public ImageClassificationMetrics.Dataset DatasetUsed { get; set; }

        public int Epoch { get; set; }

        public float Accuracy { get; set; }

        public float CrossEntropy { get; set; }
    }

    public sealed class BottleneckMetrics
    {
        public int Index { get; set; }
    }

    public sealed class ImageClassificationMetrics
    {
        public enum Dataset { Train, Validation }

        public TrainMetrics Train { get; set; }

        public BottleneckMetrics Bottleneck { get; set; }
    }

    public sealed class Options : TrainerInputBaseWithLabel
    {
        public int Epoch = 200;
        public Architecture Arch = Architecture.ResnetV250;
        public string ScoreColumnName = "Score";
        public string PredictedLabelColumnName = "PredictedLabel";
        public Action<ImageClassificationMetrics> MetricsCallback = null;
    }

    public override TrainerInfo Info { get; } = new(normalization: false, caching: false);

    /// <summary>For the tests.</summary>
    internal Options Used { get; }

    protected override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        var keyValues = new SchemaShape.Column("KeyValues", SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);
        return
        [
            new(Used.ScoreColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false),
            new(Used.PredictedLabelColumnName, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, new([keyValues])),
        ];
    }

    protected override MulticlassPredictionTransformer<ImageClassificationModelParameters> MakeTransformer(
        ImageClassificationModelParameters model, DataViewSchema trainSchema) =>
        new(Host, model, trainSchema, FeatureColumn.Name, LabelColumn.Name, Used.ScoreColumnName, Used.PredictedLabelColumnName);

    protected override ImageClassificationModelParameters TrainModelCore(TrainContext trainContext)
    {
        var data = trainContext.TrainingSet.Data;
        var pictures = data.GetColumn<VBuffer<byte>>(data.Schema[Used.FeatureColumnName]);
        var labels = data.GetColumn<uint>(data.Schema[Used.LabelColumnName]);
        var means = pictures.Zip(labels).GroupBy(row => row.Second, row => ImageClassificationModelParameters.Mean(row.First))
            .OrderBy(group => group.Key).Select(group => group.Average()).ToArray();
        var metrics = new ImageClassificationMetrics { Bottleneck = new() };
        foreach (var _ in labels)
        {
            metrics.Bottleneck.Index++;
            Used.MetricsCallback(metrics);
        }

        metrics.Train = new TrainMetrics { Accuracy = 0.75f, CrossEntropy = 0.5f };
        for (; metrics.Train.Epoch < Used.Epoch; metrics.Train.Epoch++)
        {
            foreach (var part in Enum.GetValues<ImageClassificationMetrics.Dataset>())
            {
                metrics.Train.DatasetUsed = part;
                Used.MetricsCallback(metrics);
            }
        }

        return new ImageClassificationModelParameters(Host, means);
    }
}

/// <summary>The trained model, whose scores are a softmax.</summary>
public sealed class ImageClassificationModelParameters : ModelParametersBase<VBuffer<float>>, IValueMapper
{
    internal const string LoaderSignature = "ImageClassificationPred";

    private readonly float[] _means;

    internal ImageClassificationModelParameters(IHostEnvironment env, float[] means)
        : base(env, LoaderSignature) => _means = means;

    private ImageClassificationModelParameters(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, LoaderSignature, ctx) => _means = [.. Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.Reader.ReadSingle())];

    protected override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    DataViewType IValueMapper.InputType => new VectorDataViewType(NumberDataViewType.Byte);

    DataViewType IValueMapper.OutputType => new VectorDataViewType(NumberDataViewType.Single, _means.Length);

    internal static float Mean(in VBuffer<byte> picture) => picture.DenseValues().Average(one => (float)one);

    internal static ImageClassificationModelParameters Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new ImageClassificationModelParameters(env, ctx);
    }

    ValueMapper<TSrc, TDst> IValueMapper.GetMapper<TSrc, TDst>()
    {
        ValueMapper<VBuffer<byte>, VBuffer<float>> map = (in VBuffer<byte> picture, ref VBuffer<float> score) =>
        {
            var mean = Mean(picture);
            var exponentials = Array.ConvertAll(_means, one => MathF.Exp(-MathF.Abs(mean - one) / 10));
            var editor = VBufferEditor.Create(ref score, _means.Length);
            for (var index = 0; index < exponentials.Length; index++)
                editor.Values[index] = exponentials[index] / exponentials.Sum();
            score = editor.Commit();
        };
        return (ValueMapper<TSrc, TDst>)(Delegate)map;
    }

    protected override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write(_means.Length);
        foreach (var mean in _means)
            ctx.Writer.Write(mean);
    }

    private static VersionInfo GetVersionInfo() => new(
        "IMAGPRED", 0x00010001, 0x00010001, 0x00010001, typeof(ImageClassificationModelParameters).Assembly.FullName, LoaderSignature);
}
