using System.Text.Json;

namespace MLNet.Softmax.Tool.Tests;

/// <summary>Decisions of four rows, counted by hand.</summary>
public sealed class DecisionTests : IDisposable
{
    private const string Rows = "Label,cat,dog,y_pred\ncat,0.9,0.1,cat\ndog,0.2,0.8,dog\ncat,0.4,0.6,\ndog,0.7,0.3,cat\n";

    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Decide_EvaluatesTheDecisionsOfAColumn()
    {
        var report = Path.Combine(_tool.Folder, "report.html");
        var file = _tool.Write("scores.csv", Rows);
        var costs = _tool.Write("costs.csv", "decision,dog,cat\nabstain,0.5,0.25\ndog,0,1\ncat,5,0\n");
        var decisions = ToolRun.Evaluate(file, "--decide", "y_pred", "--costs", costs, "--report", report).GetProperty("decisions");
        // cat right, dog right, a cat without a decision, a dog as cat: two of three decisions are right.
        Assert.Equal((2.0 / 3, 0.75), (Value(decisions, "accuracy"), Value(decisions, "coverage")));
        Assert.Equal(4, decisions.GetProperty("rows").GetInt32());
        Assert.Equal((0 + 0 + 0.25 + 5) / 4, Value(decisions, "meanCost"), 12);
        var (cat, dog) = (decisions.GetProperty("classes")[0], decisions.GetProperty("classes")[1]);
        Assert.Equal((2, 0.5, 0.5), (cat.GetProperty("decisions").GetInt32(), Value(cat, "precision"), Value(cat, "recall")));
        Assert.Equal((1, 1, 0.5), (dog.GetProperty("decisions").GetInt32(), Value(dog, "precision"), Value(dog, "recall")));
        Assert.Contains("The decisions, and every other threshold", File.ReadAllText(report), StringComparison.Ordinal);

        var console = ToolRun.Run("evaluate", file, "--decide", "y_pred").Output;
        Assert.Contains("probabilities: cat, dog; decision: y_pred", console, StringComparison.Ordinal);
        Assert.Contains("Decisions in column y_pred, 4 rows:", console, StringComparison.Ordinal);
        Assert.Contains("Accuracy of the decisions        0.6667   [0.2077, 0.9385]", console, StringComparison.Ordinal);
        Assert.Contains("Share of rows with a decision    0.7500   [0.3006, 0.9544]", console, StringComparison.Ordinal);
    }

    [Fact]
    public void Costs_Alone_DecideForTheLowestExpectedCost()
    {
        var file = _tool.Write("scores.csv", Rows);
        var costs = _tool.Write("costs.csv", "decision,cat,dog\ncat,0,4\ndog,1,0\nabstain,0.5,0.5\n");
        var decisions = ToolRun.Evaluate(file, "--costs", costs).GetProperty("decisions");
        // Expected costs of (cat, dog, abstain): (.4, .9, .5) cat; (3.2, .2, .5) dog; (2.4, .4, .5) dog; (1.2, .7, .5) abstain.
        Assert.Equal((2.0 / 3, 0.75), (Value(decisions, "accuracy"), Value(decisions, "coverage")));
        Assert.Equal((0 + 0 + 1 + 0.5) / 4, Value(decisions, "meanCost"), 12);
        var console = ToolRun.Run("evaluate", file, "--costs", costs).Output;
        Assert.Contains("Decisions of lowest expected cost", console, StringComparison.Ordinal);
    }

    [Fact]
    public void Threshold_ShowsItsDecisionsToo()
    {
        var report = Path.Combine(_tool.Folder, "report.html");
        var file = _tool.Write("scores.csv", Rows);
        var result = ToolRun.Evaluate(file, "--threshold", "dog=0.25", "--report", report);
        // All but the first row are given dog; two of them are dogs.
        var dog = result.GetProperty("decisions").GetProperty("classes")[1];
        Assert.Equal((3, 2.0 / 3, 1), (dog.GetProperty("decisions").GetInt32(), Value(dog, "precision"), Value(dog, "recall")));
        Assert.Equal(0.25, result.GetProperty("threshold").GetProperty("threshold").GetDouble());
        var html = File.ReadAllText(report);
        Assert.Contains("Where to draw the line", html, StringComparison.Ordinal);
        Assert.Contains("Decisions for each class", html, StringComparison.Ordinal);
        Assert.DoesNotContain("every other threshold", html, StringComparison.Ordinal);
        var confidence = ToolRun.Evaluate(file, "--threshold", "0.65").GetProperty("decisions");
        Assert.Equal((2.0 / 3, 0.75), (Value(confidence, "accuracy"), Value(confidence, "coverage")));
    }

    [Theory]
    [InlineData("row 2, column y_pred: 'cow' is none of the classes", "cat,0.9,0.1,cow", "--decide", "y_pred")]
    [InlineData("column y_pred: the labels may count from 0 or from 1: 2 occurs", "cat,0.9,0.1,2", "--decide", "y_pred")]
    [InlineData("column decision: is missing", "cat,0.9,0.1,cat", "--decide", "decision")]
    [InlineData("costs.csv, row 1, column dog: is missing; a table of costs", "cat,0.9,0.1,cat", "--costs", "decision,cat\ncat,0\ndog,1\n")]
    [InlineData("no row in the first column is named dog", "cat,0.9,0.1,cat", "--costs", "decision,cat,dog\ncat,0,1\n")]
    [InlineData("'cow' is none of the classes", "cat,0.9,0.1,cat", "--costs", "decision,cat,dog\ncat,0,1\ndog,1,0\ncow,1,1\n")]
    [InlineData("row dog, column cat: 'one' is not a cost", "cat,0.9,0.1,cat", "--costs", "decision,cat,dog\ncat,0,1\ndog,one,0\n")]
    [InlineData("a class has several rows", "cat,0.9,0.1,cat", "--costs", "decision,cat,dog\ncat,0,1\ndog,1,0\n,1,0\nnone,1,0\n")]
    [InlineData("row dog, column cat: 'inf' is not a cost", "cat,0.9,0.1,cat", "--costs", "decision,cat,dog\ncat,0,1\ndog,inf,0\n")]
    [InlineData("row dog, column dog: '' is not a cost", "cat,0.9,0.1,cat", "--costs", "decision,cat,dog\ncat,0,1\ndog,1\n")]
    [InlineData("a class has several rows", "cat,0.9,0.1,cat", "--costs", "decision,cat,dog\ncat,0,1\ndog,1,0\ndog,1,0\n")]
    public void WrongDecisionsOrCosts_AreRefused(string expected, string row, string option, string value)
    {
        var file = _tool.Write("scores.csv", $"Label,cat,dog,y_pred\n{row}\n");
        value = option == "--costs" ? _tool.Write("costs.csv", value) : value;
        ToolRun.Run("evaluate", file, option, value).AssertRefused(expected);
    }

    [Fact]
    public void RowWithoutADecision_NeedsItsCost()
    {
        var costs = _tool.Write("costs.csv", "decision,cat,dog\ncat,0,1\ndog,1,0\n");
        ToolRun.Run("evaluate", _tool.Write("scores.csv", Rows), "--decide", "y_pred", "--costs", costs)
            .AssertRefused("The costs have no row for abstaining, but 1 rows have no decision");
    }

    /// <summary>The first class, the second, and a class whose name holds an equals sign.</summary>
    [Theory]
    [InlineData("cat=0.85", "a=b", 1, 3)]
    [InlineData("a=b=0.25", "a=b", 1, 3)]
    [InlineData("cat=0", "a=b", 4, 0)]
    [InlineData("a=b=1", "a=b", 4, 0)]
    public void Threshold_OfAnyClass_DecidesForItFromThere(string threshold, string second, int cats, int others)
    {
        var file = _tool.Write("scores.csv", Rows.Replace("dog", second, StringComparison.Ordinal));
        var classes = ToolRun.Evaluate(file, "--threshold", threshold).GetProperty("decisions").GetProperty("classes");
        Assert.Equal(("cat", second), (classes[0].GetProperty("name").GetString(), classes[1].GetProperty("name").GetString()));
        Assert.Equal((cats, others), (classes[0].GetProperty("decisions").GetInt32(), classes[1].GetProperty("decisions").GetInt32()));
    }

    [Theory]
    [InlineData("abstain")]
    [InlineData("Abstain")]
    [InlineData("NONE")]
    [InlineData("")]
    public void Costs_OfNoDecision_AreInARowOfThatName(string name)
    {
        var file = _tool.Write("scores.csv", Rows);
        // In any order of rows and columns; a class may be far from its column.
        var costs = _tool.Write("costs.csv", $"decision,dog,other,cat\n{name},0.5,9,0.25\ndog,0,9,1\ncat,5,9,0\n");
        var decisions = ToolRun.Evaluate(file, "--decide", "y_pred", "--costs", costs).GetProperty("decisions");
        Assert.Equal((0 + 0 + 0.25 + 5) / 4, Value(decisions, "meanCost"), 12);
    }

    /// <summary>A weight of 2 is a row that is there twice, in every figure and in a calibration.</summary>
    [Fact]
    public void Weights_CountAsSoManyRows()
    {
        var random = new Random(1);
        string[] rows = [.. Enumerable.Range(0, 200).Select(_ => FormattableString.Invariant(
            $"{random.Next(3)},{random.NextDouble():F3},{random.NextDouble():F3},{random.NextDouble():F3}"))];
        var weighted = _tool.Write("weighted.csv", "label,logit_0,logit_1,logit_2,weight\n"
            + string.Join('\n', rows.Select((row, index) => $"{row},{index % 3}")));
        var repeated = _tool.Write("repeated.csv", "label,logit_0,logit_1,logit_2\n"
            + string.Join('\n', rows.SelectMany((row, index) => Enumerable.Repeat(row, index % 3))));
        var (first, second) = (ToolRun.Evaluate(weighted, "--weights", "weight", "--calibrate-on", weighted),
            ToolRun.Evaluate(repeated, "--calibrate-on", repeated));
        foreach (var figure in new[] { "logLoss", "brierScore", "microAccuracy", "macroF1", "expectedCalibrationError", "macroRocAuc" })
            Assert.Equal(second.Figure(figure), first.Figure(figure), 1e-4);
        Assert.Contains("total weight", ToolRun.Run("evaluate", weighted, "--weights", "weight").Output, StringComparison.Ordinal);
        Assert.NotEqual(first.Figure("logLoss"), ToolRun.Evaluate(weighted).Figure("logLoss"), 1e-4);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("many")]
    [InlineData("inf")]
    [InlineData("NaN")]
    public void WhatIsNoWeight_IsRefused(string weight)
    {
        var file = _tool.Write("scores.csv", $"Label,cat,dog,weight\ncat,0.9,0.1,1\ndog,0.2,0.8,{weight}\n");
        ToolRun.Run("evaluate", file, "--weights", "weight").AssertRefused($"row 3, column weight: '{weight}' is not a weight");
    }

    private static double Value(JsonElement element, string name) => element.GetProperty(name).GetProperty("value").GetDouble();
}
