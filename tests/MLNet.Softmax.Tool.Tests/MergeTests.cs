using System.Globalization;
using System.Text.Json;

namespace MLNet.Softmax.Tool.Tests;

/// <summary>softmax evaluate --state on shards, then softmax merge.</summary>
public sealed class MergeTests : IDisposable
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.TestData("digits/digits-logits.csv"));
    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("all")]
    [InlineData("streaming")]
    public void Merge_OfShardsOfProbabilities_GivesTheFiguresOfOneFile(string metrics) =>
        AssertMerged([.. Lines[1..].Select(Probabilities)], metrics, 1e-12);

    /// <summary>
    /// The last digit of a row's softmax depends on the rows that are computed together with it, and the processor. Rows of almost the same
    /// confidence may then change places, which moves the areas under curves.
    /// </summary>
    [Fact]
    public void Merge_OfShardsOfLogits_GivesTheFiguresOfOneFile() => AssertMerged(Lines[1..], "all", 1e-6, toleranceOfAreas: 1e-4);

    [Fact]
    public void Merge_InSteps_GivesTheSameAsAtOnce()
    {
        var states = SaveStates(Lines[1..].Chunk(400));
        var half = Path.Combine(_tool.Folder, "half.state");
        Assert.Equal(0, ToolRun.Run(["merge", .. states[..2], "--state", half]).ExitCode);
        AssertSame(Merge(states), Merge([half, .. states[2..]]), 1e-12);
    }

    [Fact]
    public void Merge_WritesTheTableAndTheReport_WhichNameTheRowsByTheirFiles()
    {
        SaveStates(Lines[1..].Chunk(600));
        var report = Path.Combine(_tool.Folder, "all.html");
        var result = ToolRun.Run("merge", _tool.Folder, "--report", report);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains($"{Lines.Length - 1} rows of 10 classes", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"shard\d\.csv:\d", File.ReadAllText(report));
    }

    /// <summary>JSON stands alone, so that another program can read it.</summary>
    [Fact]
    public void Json_HasAllOtherLinesOnStandardError()
    {
        var file = _tool.Write("scores.csv", "Label,cat,dog\ncat,0.9,0.1\n");
        var (state, report) = (Path.Combine(_tool.Folder, "a.state"), Path.Combine(_tool.Folder, "a.html"));
        var evaluated = ToolRun.Run("evaluate", file, "--json", "--state", state, "--report", report);
        Assert.StartsWith("{", evaluated.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["label: Label; probabilities: cat, dog", $"Report: {report}", $"State: {state}", ""],
            evaluated.Error.ReplaceLineEndings("\n").Split('\n'));
        var merged = ToolRun.Run("merge", state, "--json", "--report", report);
        Assert.StartsWith("{", merged.Output, StringComparison.Ordinal);
        Assert.Equal($"Report: {report}", merged.Error.Trim());
        var plain = ToolRun.Run("evaluate", file, "--state", state, "--report", report);
        Assert.Equal("", plain.Error);
        Assert.EndsWith($"Report: {report}\nState: {state}\n", plain.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OfAShardWithoutLabels_StillSavesItsState()
    {
        var empty = _tool.Write("empty.csv", "Label,cat,dog\n,0.9,0.1\n");
        var full = _tool.Write("full.csv", "Label,cat,dog\ncat,0.9,0.1\n");
        string[] states = [.. ((string[])[empty, full]).Select(file => Path.ChangeExtension(file, ".state"))];
        ToolRun.Evaluate(empty, "--state", states[0]);
        ToolRun.Evaluate(full, "--state", states[1]);
        var merged = Merge(states);

        Assert.Equal(1, merged.Rows());
        Assert.Equal(1, merged.GetProperty("rowsLeftOut").GetProperty("missingLabel").GetInt32());
        ToolRun.Run("merge", states[0]).AssertRefused("no rows", "1 without a label");
    }

    [Fact]
    public void Merge_OfWhatDoesNotBelongTogether_IsRefused()
    {
        var first = State("first", "Label,cat,dog\ncat,0.9,0.1\n");
        var classes = State("classes", "Label,cat,fox\ncat,0.9,0.1\n");
        var options = State("options", "Label,cat,dog\ncat,0.9,0.1\n", "--metrics", "streaming");
        ToolRun.Run("merge", first, classes).AssertRefused(
            "first.state", "classes.state", "class 1 is 'dog' in the first and 'fox' in the second");
        ToolRun.Run("merge", first, options).AssertRefused("options.state", "RocAuc is True in the first and False in the second");
        ToolRun.Run("merge", first, first).AssertRefused("first.state is given twice");
        var another = Path.Combine(_tool.Folder, ".", "first.state");
        Assert.Contains("first.state is given twice", ToolRun.Run("merge", first, another).Error, StringComparison.Ordinal);
        ToolRun.Run("merge", _tool.Write("broken.state", "Label")).AssertRefused("broken.state", "not a saved evaluation");
        ToolRun.Run("merge", Path.Combine(_tool.Folder, "none.state")).AssertRefused("There is no file");
        var empty = Directory.CreateDirectory(Path.Combine(_tool.Folder, "empty")).FullName;
        ToolRun.Run("merge", empty).AssertRefused("has no saved states (.state)");
    }

    [Fact]
    public void Evaluate_WithAStateAndWhatItCannotHold_IsRefused()
    {
        var file = _tool.Write("scores.csv", "Label,cat,dog\ncat,0.9,0.1\n");
        var state = Path.Combine(_tool.Folder, "scores.state");
        ToolRun.Run("evaluate", file, "--state", state, "--calibrate-on", "0.5").AssertRefused("--state and --calibrate-on");
        ToolRun.Run("evaluate", file, "--state", state, "--compare", file).AssertRefused("--state and --compare");
        ToolRun.Run("evaluate", file, "--state", state, "--threshold", "0.5").AssertRefused("--state and --threshold");
        ToolRun.Run("evaluate", file, "--state", Path.Combine(_tool.Folder, "none", "a.state")).AssertRefused("--state is");
        Assert.False(File.Exists(state));
    }

    private void AssertMerged(string[] rows, string metrics, double tolerance, double? toleranceOfAreas = null)
    {
        var whole = ToolRun.Evaluate(_tool.Write("whole.csv", string.Join('\n', rows.Prepend(Lines[0]))), "--metrics", metrics);
        var states = SaveStates(rows.Chunk(250), "--metrics", metrics);
        foreach (string[] order in new[] { states, [.. states.Reverse()] })
        {
            var merged = Merge(order);
            AssertSame(whole, merged, tolerance, toleranceOfAreas);
            Assert.Equal(rows.Length, merged.Rows());
        }
    }

    /// <summary>A line of a label and logits as the label and probabilities.</summary>
    private static string Probabilities(string line)
    {
        var fields = line.Split(',');
        double[] exponentials = [.. fields[1..].Select(field => Math.Exp(double.Parse(field, CultureInfo.InvariantCulture)))];
        return string.Join(',', exponentials.Select(value => (value / exponentials.Sum()).ToString("R", CultureInfo.InvariantCulture))
            .Prepend(fields[0]));
    }

    private string[] SaveStates(IEnumerable<string[]> shards, params string[] arguments) =>
        [.. shards.Select((rows, index) => State($"shard{index}", string.Join('\n', rows.Prepend(Lines[0])), arguments))];

    private string State(string name, string content, params string[] arguments)
    {
        var state = Path.Combine(_tool.Folder, $"{name}.state");
        ToolRun.Evaluate(_tool.Write($"{name}.csv", content), ["--state", state, .. arguments]);
        return state;
    }

    private static JsonElement Merge(string[] states)
    {
        var result = ToolRun.Run(["merge", .. states, "--json"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    /// <summary>The same names, texts and counts, and the same numbers to within a tolerance.</summary>
    private static void AssertSame(
        JsonElement expected, JsonElement actual, double tolerance, double? toleranceOfAreas = null, string path = "")
    {
        Assert.True(expected.ValueKind == actual.ValueKind, path);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Select(one => one.Name), actual.EnumerateObject().Select(one => one.Name));
                foreach (var one in expected.EnumerateObject())
                    AssertSame(one.Value, actual.GetProperty(one.Name), tolerance, toleranceOfAreas, $"{path}/{one.Name}");
                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                foreach (var (first, second) in expected.EnumerateArray().Zip(actual.EnumerateArray()))
                    AssertSame(first, second, tolerance, toleranceOfAreas, path);
                break;
            case JsonValueKind.Number:
                var isCount = path is "/rows" || path.EndsWith("/weight", StringComparison.Ordinal);
                var isArea = path.EndsWith("rocAuc", StringComparison.OrdinalIgnoreCase)
                    || path.Contains("riskCoverageArea", StringComparison.Ordinal);
                var allowed = isCount ? 0 : isArea ? toleranceOfAreas ?? tolerance : tolerance;
                var difference = Math.Abs(expected.GetDouble() - actual.GetDouble());
                Assert.True(difference <= allowed, $"{path}: {expected}, {actual}");
                break;
            default:
                Assert.Equal(expected.ToString(), actual.ToString());
                break;
        }
    }
}
