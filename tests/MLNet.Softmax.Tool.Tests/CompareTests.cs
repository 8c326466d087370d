using System.Globalization;
using System.Text.Json;

namespace MLNet.Softmax.Tool.Tests;

/// <summary><c>softmax evaluate --compare</c>.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    /// <summary>By id, whatever the order; by order, where there is none.</summary>
    [Fact]
    public void Compare_MatchesRowsByTheirIds()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 400).Select(index =>
        {
            var (label, good, bad) = (random.Next(2), random.NextDouble(), random.NextDouble());
            string Row(double sure) => string.Create(
                CultureInfo.InvariantCulture, $"{index},{label},{(label == 0 ? sure : 1 - sure):F3},{(label == 0 ? 1 - sure : sure):F3}");
            return (Good: Row(0.6 + (0.3 * good)), Bad: Row(0.3 + (0.5 * bad)));
        }).ToArray();
        const string Header = "id,Label,a,b\n";
        var good = _tool.Write("good.csv", Header + string.Join('\n', rows.Select(row => row.Good)));
        var bad = _tool.Write("bad.csv", Header + string.Join('\n', rows.Select(row => row.Bad)));
        var shuffled = _tool.Write("shuffled.csv", Header + string.Join('\n', rows.OrderBy(_ => random.Next()).Select(row => row.Bad)));
        var expected = ToolRun.Evaluate(good, "--compare", bad).GetProperty("differences");
        var result = ToolRun.Evaluate(good, "--compare", shuffled).GetProperty("differences");
        double Upper(JsonElement differences) => differences.GetProperty("logLoss").GetProperty("upper").GetDouble();
        Assert.Equal(Upper(expected), Upper(result), 1e-9);
        Assert.True(result.GetProperty("logLoss").GetProperty("isReal").GetBoolean());
    }

    /// <summary>The difference of two metrics is what separate evaluations of the two files give.</summary>
    [Fact]
    public void Compare_GivesTheDifferenceOfEachMetric()
    {
        var random = new Random(1);
        string File(string name, double sure) => _tool.Write(name, "Label,a,b\n" + string.Concat(Enumerable.Range(0, 60).Select(row =>
        {
            var first = (row % 2 == 0 ? sure : 1 - sure) + (0.4 * random.NextDouble()) - 0.2;
            return string.Create(CultureInfo.InvariantCulture, $"{(row % 2 == 0 ? "a" : "b")},{first:F3},{1 - first:F3}\n");
        })));
        var (good, bad) = (File("good.csv", 0.75), File("bad.csv", 0.55));
        var result = ToolRun.Evaluate(good, "--compare", bad);
        var (before, differences) = (ToolRun.Evaluate(bad), result.GetProperty("differences").EnumerateObject().ToArray());
        string[] names = ["logLoss", "brierScore", "microAccuracy", "macroF1", "expectedCalibrationError", "riskCoverageArea"];
        Assert.Subset(differences.Select(difference => difference.Name).ToHashSet(), names.ToHashSet());
        foreach (var (name, difference) in differences.Select(difference => (difference.Name, difference.Value)))
        {
            var (value, lower, upper) = (Number("value"), Number("lower"), Number("upper"));
            Assert.Equal(result.Figure(name) - before.Figure(name), value, 1e-12);
            Assert.Equal(before.Figure(name), result.GetProperty("before").Figure(name), 1e-12);
            Assert.True(lower <= upper, name);
            Assert.Equal(lower > 0 || upper < 0, difference.GetProperty("isReal").GetBoolean());
            double Number(string part) => difference.GetProperty(part).GetDouble();
        }

        var loss = differences.Single(difference => difference.Name == "logLoss").Value;
        Assert.InRange(loss.GetProperty("value").GetDouble(), loss.GetProperty("lower").GetDouble(), loss.GetProperty("upper").GetDouble());
        Assert.True(loss.GetProperty("value").GetDouble() < -0.1);
    }

    [Fact]
    public void Compare_WithWhatDoesNotFit_IsRefused()
    {
        var named = _tool.Write("named.csv", "id,Label,a,b\nx,a,0.9,0.1\n");
        var unnamed = _tool.Write("unnamed.csv", "Label,a,b\na,0.9,0.1\n");
        var other = _tool.Write("other.csv", "id,Label,a,c\nx,a,0.9,0.1\n");
        const string OnlyOne = "Only one of the two models' files has row ids. Name the columns with --row-id, or ignore them";
        ToolRun.Run("evaluate", named, "--compare", unnamed).AssertRefused(OnlyOne);
        ToolRun.Run("evaluate", unnamed, "--compare", named).AssertRefused(OnlyOne);
        ToolRun.Run("evaluate", named, "--compare", other).AssertRefused("its classes are a, c, but those of named.csv are a, b");
        ToolRun.Run("evaluate", named, "--calibrate-on", other).AssertRefused("its classes are a, c, but those of named.csv are a, b");
    }

    [Fact]
    public void Compare_WithAnIdTwice_NamesItsPlace()
    {
        var good = _tool.Write("good.csv", "id,Label,a,b\nx,a,0.9,0.1\ny,b,0.2,0.8\n");
        var twice = _tool.Write("twice.csv", "id,Label,a,b\nx,a,0.9,0.1\ny,b,0.2,0.8\nx,b,0.2,0.8\n");
        ToolRun.Run("evaluate", good, "--compare", twice)
            .AssertRefused("twice.csv, row 4, column id: the id 'x' is there twice", "--row-id");
        ToolRun.Run("evaluate", twice, "--compare", good).AssertRefused("twice.csv, row 4, column id");
        Assert.Equal(3, ToolRun.Evaluate(twice).Rows());
    }
}
