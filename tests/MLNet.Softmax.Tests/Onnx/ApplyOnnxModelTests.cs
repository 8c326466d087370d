namespace MLNet.Softmax.Tests;

/// <summary>
/// How ML.NET reads an exported model back. Its estimator declares the model's variables (<c>Score.output</c>); its transformer gives the
/// columns (<c>Score</c>). No chain of estimators can name such a column, so the steps after it are fitted one by one.
/// </summary>
public sealed class ApplyOnnxModelTests : IDisposable
{
    private static readonly float[][] Rows = [.. Enumerable.Range(0, 20).Select(row => new float[] { row % 7, -row % 3, row % 5 })];

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly MemoryView _data = new MemoryView().WithScores("Logits", [3], Rows, Labels.SlotNames("ant", "bee", "cat"));
    private readonly string _file = Path.GetTempFileName();
    private readonly ITransformer _exported;

    public ApplyOnnxModelTests()
    {
        _exported = _mlContext.Transforms.Softmax("Score", "Logits", temperature: 2f, scoreKind: ScoreKind.Logits).Fit(_data);
        File.WriteAllBytes(_file, OnnxParity.Export(_mlContext, _exported, _data));
    }

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("Score", "'Score.output'")]
    [InlineData("Score.output", "'Score'")]
    public void StepsAfterApplyOnnxModel_InOneChain_CannotBeFitted(string scoreColumn, string foundInstead)
    {
        var chain = Apply().Append(_mlContext.Transforms.TopK("Top", scoreColumn, k: 2));
        Refusal.Of<ArgumentOutOfRangeException>(() => chain.Fit(_data), $"Column '{scoreColumn}' is missing", foundInstead);
    }

    [Fact]
    public void StepsAfterApplyOnnxModel_FittedOneByOne_TransformPredictAndSave()
    {
        var onnx = Apply().Fit(_data);
        var topK = _mlContext.Transforms.TopK("Top", "Score", k: 2).Fit(onnx.Transform(_data));
        var model = onnx.Append(topK);

        var output = model.Transform(_data);
        var expected = _exported.Transform(_data).Column("Score");
        Assert.Equal("Vector<Single, 1, 3>", output.Schema["Score"].Type.ToString());
        foreach (var (row, score) in output.Column("Score").Index())
            Scores.AssertClose(expected[row].Select(p => (double)p), score);
        var labels = output.GetColumn<string[]>("TopLabels").ToArray();
        Assert.Equal(["cat", "ant"], labels[8]);

        using var engine = _mlContext.Model.CreatePredictionEngine<Input, Output>(model);
        foreach (var (row, logits) in Rows.Index())
            Assert.Equal(expected[row].Max(), engine.Predict(new Input { Logits = logits }).TopScores[0], 1e-6);
        Assert.Equal(labels, Scores.SaveAndLoad(model, _data.Schema).Transform(_data).GetColumn<string[]>("TopLabels"));
    }

    private IEstimator<ITransformer> Apply() =>
        _mlContext.Transforms.ApplyOnnxModel(outputColumnName: "Score.output", inputColumnName: "Logits", modelFile: _file);

    private sealed class Input
    {
        [VectorType(3)]
        public float[] Logits { get; set; } = [];
    }

    private sealed class Output
    {
        public float[] TopScores { get; set; } = [];
    }
}
