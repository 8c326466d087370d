using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MLNet.Softmax.Tool.Tests;

public sealed class EvaluationTests : IDisposable
{
    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    /// <summary>References computed with scikit-learn and SciPy.</summary>
    [Theory]
    [InlineData("digits", 3.2674, 1.01004, 0.59156)]
    [InlineData("cifar10-wideresnet", 2.0592, 0.37371, 0.27042)]
    [InlineData("cifar10-vgg16", 1.7359, 0.22697, 0.18306)]
    public void RealNetworks_GiveTheReferenceFigures(string network, double temperature, double before, double after)
    {
        var file = network == "digits" ? Repository.TestData("digits/digits-logits.csv") : Repository.SharedData($"{network}.csv");
        var result = ToolRun.Evaluate(file, "--calibrate-on", "0.5");
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"Temperature {temperature:0.0000}"), result.GetProperty("calibration").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(before, result.GetProperty("before").Figure("logLoss"), 1e-4);
        Assert.Equal(after, result.Figure("logLoss"), 1e-4);
        Assert.True(result.GetProperty("differences").GetProperty("logLoss").GetProperty("isReal").GetBoolean());
    }

    /// <summary>Each method lowers the loss on the rows that it did not see; a file of its own gives what the same share gives.</summary>
    [Theory]
    [InlineData("temperature")]
    [InlineData("vector")]
    [InlineData("matrix")]
    [InlineData("dirichlet")]
    [InlineData("isotonic")]
    public void Methods_LowerTheLoss(string method)
    {
        var lines = File.ReadAllLines(Repository.TestData("digits/digits-logits.csv"));
        var half = lines.Length / 2;
        var fitting = _tool.Write("fit.csv", string.Join('\n', lines[..(half + 1)]));
        var rest = _tool.Write("rest.csv", string.Join('\n', (string[])[lines[0], .. lines[(half + 1)..]]));
        var own = ToolRun.Evaluate(rest, "--calibrate-on", fitting, "--method", method, "--metrics", "streaming");
        Assert.True(own.Figure("logLoss") < own.GetProperty("before").Figure("logLoss") - 0.03, own.ToString());
        var share = ToolRun.Evaluate(
            Repository.TestData("digits/digits-logits.csv"), "--calibrate-on", "0.5", "--method", method, "--metrics", "streaming");
        Assert.Equal(share.Figure("logLoss"), own.Figure("logLoss"), 1e-12);
    }

    [Fact]
    public void NamedColumnsQuotesAndLogits_AreRead()
    {
        var file = _tool.Write("mixed.csv", """"
            Image,"hot dog","a, ""b""",Label
            one.jpg,2.0,-1,hot dog
            two.jpg,1e3,1000.5,"a, ""b"""

            three.jpg,-inf,0,"a, ""b"""
            four.jpg,5,0,"a, ""b"""
            five.jpg,nan,0,hot dog
            six.jpg,1,0,
            """");
        var report = Path.Combine(_tool.Folder, "report.html");
        var result = ToolRun.Evaluate(file, "--report", report);
        Assert.Equal((4, 0.75), (result.Rows(), result.Figure("microAccuracy")));
        Assert.Equal((1, 1), (result.GetProperty("rowsLeftOut").GetProperty("missingLabel").GetInt32(),
            result.GetProperty("rowsLeftOut").GetProperty("notFinite").GetInt32()));
        var html = File.ReadAllText(report);
        Assert.Contains(">four.jpg<", html, StringComparison.Ordinal);
        Assert.Contains("a, &quot;b&quot;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_AreEvaluatedAsOneFile()
    {
        var lines = File.ReadAllLines(Repository.TestData("digits/digits-logits.csv"));
        foreach (var (part, index) in lines[1..].Chunk(300).Select((part, index) => (part, index)))
            _tool.Write($"part{index}.csv", string.Join('\n', part.Prepend(lines[0])));
        var whole = ToolRun.Evaluate(Repository.TestData("digits/digits-logits.csv"));
        Assert.Equal(whole.GetProperty("metrics").ToString(), ToolRun.Evaluate(_tool.Folder).GetProperty("metrics").ToString());
        var pattern = ToolRun.Evaluate(Path.Combine(_tool.Folder, "part*.csv"), "--metrics", "streaming");
        Assert.Equal(whole.Figure("logLoss"), pattern.Figure("logLoss"));
        _tool.Write("part9.csv", "Label,Z0,Z1\n0,1,2\n");
        ToolRun.Run("evaluate", _tool.Folder).AssertRefused("part9.csv", "its classes are 0, 1, but those of part0.csv are 0, 1, 2");
    }

    [Fact]
    public void Shards_WithColumnsInAnotherOrder_AreReadByName()
    {
        _tool.Write("1.csv", "Label,id,cat,dog\ncat,1,0.9,0.1\n");
        _tool.Write("2.csv", "cat,dog,id,Label\n0.2,0.8,2,dog\n");
        var result = ToolRun.Evaluate(_tool.Folder);
        Assert.Equal(2, result.Rows());
        Assert.Equal((-Math.Log(.9) - Math.Log(.8)) / 2, result.Figure("logLoss"), 1e-6);
    }

    [Fact]
    public void RowsWithoutIds_OfSeveralFiles_AreNamedByFileAndRow()
    {
        var (one, report) = (_tool.Write("one.csv", "Label,cat,dog\ncat,0.2,0.8\n"), Path.Combine(_tool.Folder, "report.html"));
        ToolRun.Evaluate(one, "--report", report);
        Assert.Contains(">Row id<", File.ReadAllText(report), StringComparison.Ordinal);
        Assert.DoesNotContain("one.csv:", File.ReadAllText(report), StringComparison.Ordinal);
        _tool.Write("two.csv", "Label,cat,dog\ncat,0.9,0.1\ncat,0.3,0.7\n");
        ToolRun.Evaluate(_tool.Folder, "--report", report);
        Assert.Contains(">Row<", File.ReadAllText(report), StringComparison.Ordinal);
        Assert.Contains(">one.csv:2<", File.ReadAllText(report), StringComparison.Ordinal);
        Assert.Contains(">two.csv:3<", File.ReadAllText(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public void ByteOrderMark_SaysTheEncoding(string encoding)
    {
        var path = Path.Combine(_tool.Folder, "scores.csv");
        File.WriteAllText(path, "Label,Käse,Brot\nKäse,0.9,0.1\nBrot,0.2,0.8\n", Encoding.GetEncoding(encoding));
        var result = ToolRun.Evaluate(path);
        Assert.Equal(0.164252, result.Figure("logLoss"), 1e-6);
        Assert.Equal("Käse", result.GetProperty("classes")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void Threshold_IsEvaluatedAndReported()
    {
        var report = Path.Combine(_tool.Folder, "report.html");
        var file = _tool.Write("scores.csv", "Label,a,b\na,0.9,0.1\na,0.6,0.4\nb,0.55,0.45\nb,0.2,0.8\n");
        var threshold = ToolRun.Evaluate(file, "--threshold", "b=0.42", "--report", report).GetProperty("threshold");
        // F1 of b: 2 * 1 / (2 * 1 + 0 + 1) without a threshold, 1 with it.
        Assert.Equal(2.0 / 3, threshold.GetProperty("before").GetProperty("value").GetDouble(), 1e-12);
        Assert.Equal(1, threshold.GetProperty("after").GetProperty("value").GetDouble(), 1e-12);
        Assert.Contains("Where to draw the line", File.ReadAllText(report), StringComparison.Ordinal);
    }

    /// <summary>No row is predicted as c, which no row is either: its figures do not exist, and JSON has no NaN.</summary>
    [Fact]
    public void Json_OfEachClass_HasAllItsFigures()
    {
        var file = _tool.Write("scores.csv", "Label,a,b,c\na,0.9,0.1,0\nb,0.6,0.4,0\nb,0.2,0.8,0\n");
        var classes = ToolRun.Evaluate(file, "--scores", "a,b,c").GetProperty("classes");
        Assert.Equal(
            """
            [{"name":"a","weight":1,"precision":0.5,"recall":1,"f1":0.6666666666666666,"rocAuc":1},
            {"name":"b","weight":2,"precision":1,"recall":0.5,"f1":0.6666666666666666,"rocAuc":1},
            {"name":"c","weight":0,"precision":null,"recall":null,"f1":null,"rocAuc":null}]
            """.ReplaceLineEndings(""), JsonSerializer.Serialize(classes));
    }

    [Fact]
    public void Help_ShowsExamplesAndExitCodes()
    {
        var help = ToolRun.Run("evaluate", "--help").Output;
        string[] parts = ["softmax evaluate predictions.csv", "Exit codes", "--calibrate-on"];
        Assert.All(parts, part => Assert.Contains(part, help, StringComparison.Ordinal));
        var overview = ToolRun.Run("--help").Output;
        Assert.Contains("softmax COMMAND --help", overview, StringComparison.Ordinal);
        Assert.DoesNotContain("Exit codes", overview, StringComparison.Ordinal);
        Assert.InRange(overview.Split('\n').Length, 10, 30);
    }

    [Fact]
    public void ShareRead_IsOfAllFiles()
    {
        string[] files = [.. ((string[])["one.csv", "two.csv"]).Select(name => _tool.Write(name, "Label,P0,P1\n0,0.9,0.1\n1,0.2,0.8\n"))];
        using var reader = new ScoreReader(files, new LayoutOptions());
        var block = reader.NewBlock();
        reader.Read(block, 2);
        Assert.Equal((2, 0.5, 4), (reader.RowsRead, reader.ShareRead, reader.EstimatedRows));
        reader.Read(block);
        Assert.Equal((4, 1, 4), (reader.RowsRead, reader.ShareRead, reader.EstimatedRows));
        Assert.False(reader.Read(block));
    }

    /// <summary>One row at least is left for each, which is too few here: the error says how many there were.</summary>
    [Theory]
    [InlineData(3, "1", 2)]
    [InlineData(3, "2", 2)]
    [InlineData(3, "0.7", 2)]
    [InlineData(3, "0.1", 1)]
    [InlineData(3, "-1", 1)]
    [InlineData(2, "0.5", 1)]
    [InlineData(2, "1", 1)]
    public void CalibrateOn_AShareOfFewRows_LeavesOneForEach(int rows, string share, int expected)
    {
        var file = _tool.Write("few.csv", $"Label,P0,P1\n{string.Concat(Enumerable.Repeat("0,0.75,0.25\n", rows))}");
        var error = ToolRun.Run("evaluate", file, "--calibrate-on", share).Error;
        Assert.Contains($"Calibration found {expected} usable rows", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAll_StopsWhereItIsTold()
    {
        var rows = string.Concat(Enumerable.Repeat("0,0.9,0.1\n", 10_000));
        var file = _tool.Write("many.csv", $"Label,P0,P1\n{rows}");
        using var reader = new ScoreReader([file], new LayoutOptions());
        var counts = new List<int>();
        reader.ReadAll("Some", block => counts.Add(block.Count), TestContext.Current.CancellationToken, rows: 5_000);
        Assert.Equal([4096, 904], counts);
        reader.ReadAll("All", block => counts.Add(block.Count), TestContext.Current.CancellationToken);
        Assert.Equal([4096, 904, 4096, 904], counts);
        Assert.Equal(10_000, reader.RowsRead);

        using var stopped = new ScoreReader([file], new LayoutOptions());
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => stopped.ReadAll("Stopped", _ => source.Cancel(), source.Token));
        using var failing = new ScoreReader([file], new LayoutOptions());
        Assert.Throws<InvalidTimeZoneException>(
            () => failing.ReadAll("Failing", _ => throw new InvalidTimeZoneException(), TestContext.Current.CancellationToken));
    }

    /// <summary>Of a large file, of which the end is never read: a row before it is wrong.</summary>
    [Theory]
    [InlineData(20_000_000, null)]
    [InlineData(400_000_000, "--metrics streaming needs none")]
    [InlineData(40_000_000, "--metrics streaming without decisions needs none", "--threshold", "0.5")]
    [InlineData(4_000_000, null, "--threshold", "0.5")]
    [InlineData(400_000_000, null, "--metrics", "streaming")]
    public void MemoryOfManyRows_IsSaidAtTheBeginning(long length, string? expected, params string[] options)
    {
        var file = _tool.Write("scores.csv", $"Label,P0,P1\n{string.Concat(Enumerable.Repeat("0,1,0\n", 100_000))}0,x,0\n");
        using (var stream = File.OpenWrite(file))
            stream.SetLength(length);
        var result = ToolRun.Run(["evaluate", file, .. options]);
        Assert.Contains("row 100002, column P0: 'x' is not a number", result.Error, StringComparison.Ordinal);
        // Once, although the rows fill several blocks.
        Assert.Equal(expected is null ? 1 : 2, result.Output.Split("GB of memory").Length);
        if (expected is not null)
            Assert.Matches($"\nAbout [0-9,]+ rows: the metrics take about [0-9]\\.[0-9] GB of memory; {expected}\\.", result.Output);
    }

    /// <summary>24 bytes a row and 4 a class for each evaluation that keeps rows, and 100 for a decision: said from 0.2 GB on.</summary>
    [Theory]
    [InlineData(3_125_000, 10, 1, false, "About 3,125,000 rows: the metrics take about 0.2 GB of memory; --metrics streaming needs none.")]
    [InlineData(3_124_999, 10, 1, false, null)]
    [InlineData(2_000_000, 10, 0, true,
        "About 2,000,000 rows: the metrics take about 0.2 GB of memory; --metrics streaming without decisions needs none.")]
    [InlineData(1_999_999, 10, 0, true, null)]
    [InlineData(1_000_000, 119, 2, true,
        "About 1,000,000 rows: the metrics take about 1.1 GB of memory; --metrics streaming without decisions needs none.")]
    [InlineData(1e12, 1000, 0, false, null)]
    public void MemoryOfRows_IsThatOfEvaluationsAndDecisions(
        double rows, int classCount, int evaluations, bool areDecisions, string? expected) =>
        Assert.Equal(expected, EvaluationWork.MemoryOf(rows, classCount, evaluations, areDecisions));
}
