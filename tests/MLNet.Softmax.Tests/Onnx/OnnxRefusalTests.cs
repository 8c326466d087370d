using System.Text;

namespace MLNet.Softmax.Tests;

public class OnnxRefusalTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void WhatCannotBeExported_EndsInAMessageAndWritesNothing()
    {
        using var stream = new MemoryStream();
        var unknownSize = new MemoryView().WithScores("Score", [0], [[1, 2]]);
        var softmax = _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits).Fit(unknownSize);
        Refusal.Of<InvalidOperationException>(() => _mlContext.Model.ConvertToOnnx(softmax, unknownSize, stream),
            "Column 'Score' is Vector<Single>, a vector of unknown size", "export SoftmaxTransformer to ONNX");

        var (sets, data) = SavedModelSamples.Of("Softmax.PredictionSet");
        Refusal.Of<NotSupportedException>(
            () => _mlContext.Model.ConvertToOnnx(sets, data, stream), "PredictionSetTransformer cannot be exported to ONNX");

        // TopK needs later operators than those of version 9.
        var (topK, rows) = SavedModelSamples.Of("Softmax.TopK");
        var error = Assert.ThrowsAny<ArgumentException>(() => _mlContext.Model.ConvertToOnnx(topK, rows, 9, stream));
        Assert.Contains("TopKTransformer", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(12)]
    public void TheOperatorsThatTheCallerAsksFor_AreUsed(int operatorSet)
    {
        var data = new MemoryView().WithScores("Score", [3], [[1, 2, 3]]);
        var model = _mlContext.Transforms.Softmax("P", "Score", 2f, ScoreKind.Logits)
            .Append(_mlContext.Transforms.TopK("Top", "P")).Fit(data);
        using var stream = new MemoryStream();

        _mlContext.Model.ConvertToOnnx(model, data, operatorSet, stream);

        OnnxParity.Session(stream.ToArray()).Dispose();
        Assert.Equal(operatorSet, OnnxParity.OperatorSet(stream.ToArray()));
    }

    [Fact]
    public void Calibrators_ExportToTheOperatorsOfVersion9()
    {
        var data = Calibration.CalibrationViews.Drawn(100, 1);
        var model = _mlContext.MulticlassClassification.Calibrators.VectorScaling().Fit(data);
        using var stream = new MemoryStream();

        _mlContext.Model.ConvertToOnnx(model, data, 9, stream);

        OnnxParity.Session(stream.ToArray()).Dispose();
        Assert.Equal(9, OnnxParity.OperatorSet(stream.ToArray()));
    }

    [Fact]
    public void AStepBeforeThatCannotBeExported_SaysHowToExportTheRest()
    {
        // ML.NET leaves the column of this step out of the graph.
        var data = _mlContext.Data.LoadFromEnumerable([new Row { Text = "a b c" }, new Row { Text = "c" }]);
        var features = _mlContext.Transforms.Text.ProduceHashedWordBags("Score", "Text", numberOfBits: 2).Fit(data);
        var softmax = _mlContext.Transforms.Softmax("P", "Score", 2f, ScoreKind.Logits).Fit(features.Transform(data));
        using var stream = new MemoryStream();

        Refusal.Of<InvalidOperationException>(() => _mlContext.Model.ConvertToOnnx(features.Append(softmax), data, stream),
            "Column 'Score' is not in the ONNX graph", "data that begins at column 'Score'");
        _mlContext.Model.ConvertToOnnx(softmax, _mlContext.Data.Cache(features.Transform(data)), stream);
        Assert.Contains("Softmax", Encoding.Latin1.GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
