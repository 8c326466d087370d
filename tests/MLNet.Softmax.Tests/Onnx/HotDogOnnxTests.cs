using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Tests;

public class HotDogOnnxTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void TheWholeHotDogPipeline_GivesTheSameProbabilitiesAndLabelsInOnnxRuntime()
    {
        var photographs = File.ReadLines(Repository.SharedData("hotdog/mobilenet-features.csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        var features = photographs.Select(fields => fields[2..].Select(field => float.Parse(field, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var labels = photographs.Select(fields => fields[1].AsMemory()).ToArray();
        var (train, heldOut) = (View(features, labels, i => i % 3 != 0), View(features, labels, i => i % 3 == 0));
        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(train);

        var perceptron = _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [64]).Fit(keys.Transform(train));
        var temperature = _mlContext.MulticlassClassification.Calibrators.Temperature().Fit(perceptron.Transform(keys.Transform(heldOut)));
        var topK = _mlContext.Transforms.TopK("Top", "Probability", k: 2).Fit(temperature.Transform(perceptron.Transform(keys.Transform(heldOut))));
        var values = _mlContext.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel").Fit(perceptron.Transform(keys.Transform(heldOut)));

        var model = new TransformerChain<ITransformer>(perceptron, temperature, topK, values);
        OnnxParity.AssertSame(_mlContext, model, "Features", [features[0].Length], features, rawScores: "Score");
    }

    private static MemoryView View(float[][] features, ReadOnlyMemory<char>[] labels, Func<int, bool> chosen)
    {
        var rows = Enumerable.Range(0, features.Length).Where(chosen).ToArray();
        return new MemoryView()
            .WithScores("Features", [features[0].Length], [.. rows.Select(row => features[row])])
            .With("Name", TextDataViewType.Instance, [.. rows.Select(row => labels[row])]);
    }
}
