using System.Text;

namespace MLNet.Softmax.Tests;

public class OnnxRefusalTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void AnUnknownNumberOfClasses_EndsInAMessageAndWritesNothing()
    {
        var data = new MemoryView().WithScores("Score", [0], [[1, 2]]);
        var model = _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits).Fit(data);
        using var stream = new MemoryStream();

        var error = Assert.Throws<InvalidOperationException>(() => _mlContext.Model.ConvertToOnnx(model, data, stream));

        Assert.Contains("Column 'Score' is Vector<Single>, a vector of unknown size", error.Message, StringComparison.Ordinal);
        Assert.Contains("export SoftmaxTransformer to ONNX", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void AStepThatCannotBeExported_EndsInAMessageAndWritesNothing()
    {
        var (sets, data) = SavedModelSamples.Of("Softmax.PredictionSet");
        using var stream = new MemoryStream();

        var error = Assert.Throws<NotSupportedException>(() => _mlContext.Model.ConvertToOnnx(sets, data, stream));

        Assert.Contains("PredictionSetTransformer cannot be exported to ONNX", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void OperatorsOlderThanTopKNeeds_AreRefused()
    {
        var data = new MemoryView().WithScores("Score", [3], [[1, 2, 3]]);
        var model = _mlContext.Transforms.TopK("Top", "Score").Fit(data);
        using var stream = new MemoryStream();

        var error = Assert.ThrowsAny<ArgumentException>(() => _mlContext.Model.ConvertToOnnx(model, data, 9, stream));

        Assert.Contains("TopKTransformer", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(12)]
    public void TheOperatorsThatTheCallerAsksFor_AreUsed(int operatorSet)
    {
        var data = new MemoryView().WithScores("Score", [3], [[1, 2, 3]]);
        var model = _mlContext.Transforms.Softmax("P", "Score", 2f, ScoreKind.Logits).Append(_mlContext.Transforms.TopK("Top", "P")).Fit(data);
        using var stream = new MemoryStream();

        _mlContext.Model.ConvertToOnnx(model, data, operatorSet, stream);

        OnnxParity.Session(stream.ToArray()).Dispose();
        Assert.Equal(operatorSet, OnnxParity.OperatorSet(stream.ToArray()));
    }

    [Fact]
    public void AStepBeforeThatCannotBeExported_SaysHowToExportTheRest()
    {
        // ML.NET's own hash of a text has no ONNX form for 64-bit input, and its column is left out of the graph.
        var data = _mlContext.Data.LoadFromEnumerable([new Row { Text = "a b c" }, new Row { Text = "c" }]);
        var features = _mlContext.Transforms.Text.ProduceHashedWordBags("Score", "Text", numberOfBits: 2).Fit(data);
        var softmax = _mlContext.Transforms.Softmax("P", "Score", 2f, ScoreKind.Logits).Fit(features.Transform(data));
        using var stream = new MemoryStream();

        var error = Assert.Throws<InvalidOperationException>(() => _mlContext.Model.ConvertToOnnx(features.Append(softmax), data, stream));
        _mlContext.Model.ConvertToOnnx(softmax, _mlContext.Data.Cache(features.Transform(data)), stream);

        Assert.Contains("Column 'Score' is not in the ONNX graph", error.Message, StringComparison.Ordinal);
        Assert.Contains("data that begins at column 'Score'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Softmax", Encoding.Latin1.GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
