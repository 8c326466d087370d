using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Onnx;

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
    public void AMissingInterface_GivesPlainViewsThatStillTransform()
    {
        var data = new MemoryView().WithScores("Score", [3], [[1, 2, 3]]);
        var model = _mlContext.Transforms.Softmax("P", "Score", 2f, ScoreKind.Logits).Fit(data);
        var withoutInterface = new OnnxBridge(typeof(string).Assembly);

        var view = withoutInterface.CreateView(model, model.BindChecked(data.Schema), data);

        Assert.Equal(typeof(Pipeline.MappedDataView), view.GetType());
        Assert.Equal(model.Transform(data).Column("P"), view.Column("P"));
    }

    [Fact]
    public void AMissingInterface_LetsConvertToOnnxStartAfterTheStepAsAfterAnyCustomOne()
    {
        var data = new MemoryView().WithScores("Score", [3], [[1, 2, 3]]);
        var softmax = _mlContext.Transforms.Softmax("P", "Score", 2f, ScoreKind.Logits).Fit(data);
        var topK = _mlContext.Transforms.TopK("Top", "P", k: 1).Fit(softmax.Transform(data));

        var whole = Encoding.Latin1.GetString(OnnxParity.Export(_mlContext, new TransformerChain<ITransformer>(softmax, topK), data));
        var rest = OnnxParity.Export(_mlContext, new TransformerChain<ITransformer>(new WithoutInterface(softmax), topK), data);

        OnnxParity.Session(rest).Dispose();
        Assert.Contains("Softmax", whole, StringComparison.Ordinal);
        Assert.DoesNotContain("Softmax", Encoding.Latin1.GetString(rest), StringComparison.Ordinal);
        Assert.Contains("TopK", Encoding.Latin1.GetString(rest), StringComparison.Ordinal);
    }

    [Fact]
    public void AContextWithoutItsMembers_IsNamed()
    {
        var error = Assert.Throws<NotSupportedException>(() => new OnnxGraph(new object()).VariableOf("Score"));

        Assert.Contains("System.Object.ContainsColumn(String)", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A transformer as it would be under an ML.NET without the interface: its views are plain.</summary>
    private sealed class WithoutInterface(SoftmaxTransformer transformer) : ITransformer
    {
        private readonly OnnxBridge _bridge = new(typeof(string).Assembly);

        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => transformer.GetOutputSchema(inputSchema);

        public IDataView Transform(IDataView input) => _bridge.CreateView(transformer, transformer.BindChecked(input.Schema), input);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => transformer.GetRowToRowMapper(inputSchema);

        public void Save(ModelSaveContext ctx) => ((ICanSaveModel)transformer).Save(ctx);
    }
}
