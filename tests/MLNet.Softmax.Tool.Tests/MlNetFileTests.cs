using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Softmax.Tool.Tests;

/// <summary>Files that ML.NET's SaveAsText writes of scored rows. The expected loss is computed from the rows in memory.</summary>
public sealed class MlNetFileTests : IDisposable
{
    private readonly ToolRun _tool = new();
    private readonly MLContext _mlContext = new(1);

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData('\t', true, true)]
    [InlineData(',', true, false)]
    [InlineData(';', false, true)]
    [InlineData('\t', false, false)]
    public void NamedLabels_AsKeysOrText_AreRead(char separator, bool areKeys, bool hasSchema)
    {
        var scored = Scored(Names(), areKeys);
        var file = Save(scored, separator, hasSchema);
        var result = ToolRun.Run("evaluate", file);
        Assert.StartsWith(
            hasSchema ? "label: Label; probabilities: Score.cat, Score.dog, Score.fox; ignored: "
                : "label: Label; probabilities: cat, dog, fox; ignored: ", result.Output, StringComparison.Ordinal);
        Assert.Equal(Loss(scored), ToolRun.Evaluate(file).Figure("logLoss"), 1e-5);
    }

    /// <summary>Keys of numbers name no scores, and rows of many zeros are shortened, the header too.</summary>
    [Fact]
    public void NumbersAsLabels_AndRowsOfZeros_AreRead()
    {
        var random = new Random(2);
        var rows = Enumerable.Range(0, 300).Select(_ => (Label: random.Next(3), Noise: random.Next(3))).Select(row => new NumberRow
        {
            Label = row.Label + 5,
            Features = [.. Enumerable.Range(0, 40).Select(index => index == row.Label || index == 10 + row.Noise ? 1f : 0)],
        });
        var scored = Scored(_mlContext.Data.LoadFromEnumerable(rows.ToArray()), areKeys: true);
        var file = Save(scored, '\t', hasSchema: true);
        Assert.Contains(":", File.ReadAllLines(file)[^1], StringComparison.Ordinal);
        var result = ToolRun.Run("evaluate", file);
        Assert.StartsWith("label: Label; probabilities: Score.0, Score.1, Score.2; ", result.Output, StringComparison.Ordinal);
        Assert.Equal(Loss(scored), ToolRun.Evaluate(file).Figure("logLoss"), 1e-5);
        ToolRun.Run("evaluate", Save(Scored(_mlContext.Data.LoadFromEnumerable(rows.ToArray()), areKeys: false), '\t', hasSchema: true))
            .AssertRefused("is none of the classes 0, 1, 2", "--class-names");
    }

    /// <summary>The first rows show that the scores are logits, although each row leaves its zeros out.</summary>
    [Fact]
    public void LogitsInRowsOfZeros_AreFound()
    {
        const string Start = "#@ TextLoader{\n#@   header+\n#@   sep=tab\n#@   col=Label:TX:0\n#@   col=Score:R4:1-2\n"
            + "#@   col=Features:R4:3-9\n#@ }\nLabel\ta\tb\t\t\t\t\t\t\t\n";
        var file = _tool.Write("sparse.tsv", Start + "a\t9\t0:3\t1:-0.5\nb\t9\t0:-1\t1:2\nb\t9\t0:0.5\t1:3\n");
        Assert.StartsWith("label: Label; logits: Score.a, Score.b; ", ToolRun.Run("evaluate", file).Output, StringComparison.Ordinal);
        // The mean of ln(1 + e^-d) for the differences 3.5, 3 and 2.5.
        Assert.Equal(0.0524091, ToolRun.Evaluate(file).Figure("logLoss"), 1e-6);
    }

    [Fact]
    public void TwoColumnsOfScores_AreNamedWithAStar()
    {
        var scored = Scored(Names(), areKeys: false);
        var twice = _mlContext.Transforms.CopyColumns("Probability", "Score").Fit(scored).Transform(scored);
        var file = Save(twice, '\t', hasSchema: true);
        ToolRun.Run("evaluate", file).AssertRefused("the scores may be the columns Score.cat to Score.fox or Probability.cat", "--scores");
        Assert.Equal(Loss(scored), ToolRun.Evaluate(file, "--scores", "Probability.*").Figure("logLoss"), 1e-5);
    }

    /// <summary>The output of ML.NET's evaluation of each row: scores by rank, which are not classes.</summary>
    [Fact]
    public void ScoresByRank_AreRefusedWithTheWayOut()
    {
        var file = _tool.Write("instances.txt", """
            Instance	Label	Assigned	Log-loss	#1 Score	#2 Score	#3 Score	#1 Class	#2 Class	#3 Class
            0	1	1	0.19722878172650249	0.8210028	0.12191158	0.05708565	1	2	0
            1	0	0	0.033800833119625312	0.96676403	0.025578234	0.0076577147	0	2	1
            """);
        ToolRun.Run("evaluate", file).AssertRefused("instances.txt", "in the order of their size", "SaveAsText(scored, stream)");
    }

    private IDataView Names()
    {
        var random = new Random(1);
        string[] names = ["cat", "dog", "fox"];
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(_ => random.Next(3)).Select(label => new NamedRow
        {
            Label = names[label],
            Features = [.. Enumerable.Range(0, 3).Select(index => random.NextSingle() + (index == label ? 1 : 0))],
        }).ToArray());
    }

    private IDataView Scored(IDataView data, bool areKeys)
    {
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 10));
        var scored = pipeline.Fit(data).Transform(data);
        return areKeys ? scored : _mlContext.Transforms.Conversion.MapKeyToValue("Label").Fit(scored).Transform(scored);
    }

    private string Save(IDataView data, char separator, bool hasSchema)
    {
        var path = Path.Combine(_tool.Folder, "scored.txt");
        using var stream = File.Create(path);
        _mlContext.Data.SaveAsText(data, stream, separator, schema: hasSchema);
        return path;
    }

    private static double Loss(IDataView scored)
    {
        var label = scored.Schema["Label"];
        int[] labels = label.Type is KeyDataViewType ? [.. scored.GetColumn<uint>(label).Select(key => (int)key - 1)]
            : [.. scored.GetColumn<string>(label).Select(name => Array.IndexOf((string[])["cat", "dog", "fox"], name))];
        return -scored.GetColumn<float[]>("Score").Zip(labels, (scores, index) => Math.Log(scores[index])).Average();
    }

    private sealed class NamedRow
    {
        public string Label { get; set; } = "";

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class NumberRow
    {
        public int Label { get; set; }

        [VectorType(40)]
        public float[] Features { get; set; } = [];
    }
}
