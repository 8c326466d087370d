using HotDog;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Vision;
using static Microsoft.ML.Vision.ImageClassificationTrainer;

namespace MLNet.Softmax.Samples.Tests.Vision;

/// <summary>The hot-dog sample's file for ML.NET's ImageClassification, compiled against a stand-in of that trainer.</summary>
public class ImageClassificationTests
{
    private sealed class Picture
    {
        public string Label { get; set; } = "";

        public byte[] Jpeg { get; set; } = [];
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];

        public float[] Uncalibrated { get; set; } = [];

        public float[] Probability { get; set; } = [];

        public string[] TopLabels { get; set; } = [];

        public float[] TopScores { get; set; } = [];
    }

    [Fact]
    public void ItsScores_GoThroughSoftmaxCalibrationTopKSaveAndLoad()
    {
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromEnumerable(Pictures(120));
        var lines = new List<string>();
        var catalog = mlContext.MulticlassClassification;
        var trainer = ImageClassification.Create(mlContext, "mobilenet-v2", epochs: 20, lines.Add)
            .Append(mlContext.Transforms.Softmax("Uncalibrated", "Score"));
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(catalog.Calibrators.CrossFit(trainer, catalog.Calibrators.Temperature(new())))
            .Append(mlContext.Transforms.TopK("Top", "Probability", k: 3));
        Assert.Contains(pipeline.GetOutputSchema(SchemaShape.Create(data.Schema)), column => column.Name == "TopLabels");

        var model = pipeline.Fit(data);
        var answers = Ask(mlContext, model, data);
        Assert.All(answers, answer =>
        {
            // Detected as probabilities: a second softmax would have flattened them.
            Assert.All(answer.Score.Zip(answer.Uncalibrated), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
            Assert.Equal(1, answer.Probability.Sum(), 1e-5);
            Assert.Equal(answer.Probability.OrderDescending(), answer.TopScores);
        });
        Assert.True(answers.Zip(Pictures(120)).Count(row => row.First.TopLabels[0] == row.Second.Label) > 80);
        Assert.Contains("  the network has read 50 photographs", lines);
        Assert.Contains("  epoch 10: accuracy 0.750, cross-entropy 0.500 on the validation part", lines);

        using var file = new MemoryStream();
        mlContext.Model.Save(model, data.Schema, file);
        var loaded = Ask(mlContext, new MLContext().Model.Load(file, out _), data);
        Assert.Equal(answers.SelectMany(answer => answer.TopLabels), loaded.SelectMany(answer => answer.TopLabels));
        Assert.Equal(answers.SelectMany(answer => answer.Probability), loaded.SelectMany(answer => answer.Probability));
    }

    [Theory]
    [InlineData("mobilenet-v2", Architecture.MobilenetV2)]
    [InlineData("resnet-50", Architecture.ResnetV250)]
    [InlineData("resnet-101", Architecture.ResnetV2101)]
    [InlineData("inception-v3", Architecture.InceptionV3)]
    public void EachArchitecture_IsTheOneNamed(string name, Architecture expected)
    {
        var trainer = Assert.IsType<ImageClassificationTrainer>(ImageClassification.Create(new MLContext(), name, 7, _ => { }));
        Assert.Equal((expected, 7, "Jpeg"), (trainer.Used.Arch, trainer.Used.Epoch, trainer.Used.FeatureColumnName));
    }

    private static Answer[] Ask(MLContext mlContext, ITransformer model, IDataView data) =>
        [.. mlContext.Data.CreateEnumerable<Answer>(model.Transform(data), reuseRowObject: false, ignoreMissingColumns: false)];

    /// <summary>Dark, grey and bright pictures of different sizes.</summary>
    private static IEnumerable<Picture> Pictures(int count)
    {
        var random = new Random(1);
        string[] labels = ["dark", "grey", "bright"];
        for (var index = 0; index < count; index++)
        {
            var around = 60 + (index % 3 * 60) + random.Next(-40, 40);
            yield return new Picture { Label = labels[index % 3], Jpeg = [.. Enumerable.Repeat((byte)around, 5 + index)] };
        }
    }
}
