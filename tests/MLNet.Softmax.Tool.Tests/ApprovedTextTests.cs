using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MLNet.Softmax.Tool.Tests;

/// <summary>All that the tool writes to the console and as JSON.</summary>
public sealed partial class ApprovedTextTests : IDisposable
{
    private const string Rows = "id,Label,cat,dog,y_pred,note\na,cat,0.9,0.1,cat,x\nb,dog,0.2,0.8,dog,x\nc,cat,0.4,0.6,,x\n"
        + "d,dog,0.7,0.3,cat,x\ne,,0.5,0.5,dog,x\n";

    private static readonly string Digits = Repository.TestData("digits/digits-logits.csv");

    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("help")]
    [InlineData("help-of-evaluate", "evaluate")]
    [InlineData("help-of-merge", "merge")]
    [InlineData("help-of-calibrate", "calibrate")]
    public void Help(string name, params string[] command) => Approve(name, [.. command, "--help"]);

    [Fact]
    public void Decisions()
    {
        var costs = _tool.Write("costs.csv", "decision,cat,dog\ncat,0,5\ndog,1,0\nabstain,0.25,0.5\n");
        var file = _tool.Write("scores.csv", Rows);
        Approve("decisions", "evaluate", file, "--decide", "y_pred", "--costs", costs);
        Approve("decisions-json", "evaluate", file, "--decide", "y_pred", "--costs", costs, "--json");
        Approve("decisions-at-a-threshold", "evaluate", file, "--threshold", "dog=0.25");
        Approve("decisions-at-a-threshold-json", "evaluate", file, "--threshold", "0.65", "--json");
        Approve("decisions-of-lowest-cost", "evaluate", file, "--costs", costs);
        // The longest name that is shown in full, and the first that is not.
        var (longest, longer) = (new string('a', 23), new string('b', 24));
        Approve(
            "decisions-with-long-names", "evaluate",
            _tool.Write("names.csv", $"Label,{longest},{longer},no decision\n{longest},0.5,0.25,0.25\n{longer},0.25,0.5,0.25\n"),
            "--threshold", "0.375");
    }

    [Fact]
    public void Comparison()
    {
        var old = _tool.Write("old.csv", Rows);
        var better = _tool.Write("new.csv", Rows.Replace("0.4,0.6", "0.6,0.4", StringComparison.Ordinal));
        Approve("comparison", "evaluate", better, "--compare", old);
        Approve("comparison-json", "evaluate", better, "--compare", old, "--json");
    }

    [Theory]
    [InlineData("temperature")]
    [InlineData("vector")]
    [InlineData("isotonic")]
    public void Calibration(string method)
    {
        Approve($"calibration-{method}", "evaluate", Digits, "--calibrate-on", "0.5", "--method", method);
        Approve($"calibrate-{method}", "calibrate", Digits, "--method", method, "--save", Path.Combine(_tool.Folder, "saved.onnx"));
    }

    [Fact]
    public void CalibrationAsJson() => Approve("calibration-json", "evaluate", Digits, "--calibrate-on", "0.5", "--json");

    [Fact]
    public void Merge()
    {
        var (one, two) = (Path.Combine(_tool.Folder, "one.state"), Path.Combine(_tool.Folder, "two.state"));
        Approve("evaluation-with-state", "evaluate", _tool.Write("scores.csv", Rows), "--state", one);
        File.Copy(one, two);
        Approve("merge", "merge", one, two);
        Approve("merge-json", "merge", one, two, "--json");
    }

    /// <summary>What each kind of evaluation shows: the texts of the head of the report, and its sections.</summary>
    [Fact]
    public void Reports()
    {
        var (file, report) = (_tool.Write("scores.csv", Rows), Path.Combine(_tool.Folder, "report.html"));
        string[] copies = [.. Enumerable.Range(1, 4).Select(index => _tool.Write($"{index}.csv", Rows))];
        var costs = _tool.Write("costs.csv", "decision,cat,dog\ncat,0,5\ndog,1,0\nabstain,0.25,0.5\n");
        var text = new StringBuilder();
        Add("one file", file);
        Add("three files", copies[..3]);
        Add("four files", copies);
        Add("with a comparison", file, "--compare", copies[0]);
        Add("with a comparison, streaming", file, "--compare", copies[0], "--metrics", "streaming");
        Add("with a calibration", Digits, "--calibrate-on", "0.5");
        Add("with a threshold", file, "--threshold", "dog=0.25");
        Add("with decisions and costs", file, "--decide", "y_pred", "--costs", costs);
        ApprovedText.Check("MLNet.Softmax.Tool.Tests/Approved/reports", text.ToString());

        void Add(string title, params string[] arguments)
        {
            var result = ToolRun.Run(["evaluate", .. arguments, "--report", report]);
            Assert.True(result.ExitCode == 0, result.Error);
            var html = File.ReadAllText(report);
            text.AppendLine(CultureInfo.InvariantCulture, $"== {title} ==").AppendLine(result.Output.TrimEnd().Split('\n')[^1].Replace(
                _tool.Folder, "FOLDER", StringComparison.Ordinal).Replace('\\', '/'));
            foreach (var part in html[..html.IndexOf("</header>", StringComparison.Ordinal)].Split('<').Concat(html.Split('<')
                .Where(part => part.StartsWith("h2>", StringComparison.Ordinal))).Where(part => Shown().IsMatch(part)))
            {
                text.AppendLine(LongNumber().Replace(
                    part, number => double.Parse(number.Value, CultureInfo.InvariantCulture).ToString("F2")).TrimEnd());
            }

            text.AppendLine();
        }
    }

    [GeneratedRegex("^(title|h1|p|h2)\\b[^>]*>.")]
    private static partial Regex Shown();

    private void Approve(string name, params string[] arguments)
    {
        var result = ToolRun.Run(arguments);
        Assert.Equal(0, result.ExitCode);
        var text = $"{result.Output}{(result.Error.Length > 0 ? $"\nTo standard error:\n{result.Error}" : "")}";
        text = text.Replace(_tool.Folder, "FOLDER", StringComparison.Ordinal).Replace("FOLDER\\", "FOLDER/", StringComparison.Ordinal);
        // Help names the program that runs.
        text = text.Replace("MLNet.Softmax.Tool.Tests ", "softmax ", StringComparison.Ordinal);
        // JSON has every digit, and the last ones depend on the processor.
        text = LongNumber().Replace(text, number => double.Parse(number.Value, CultureInfo.InvariantCulture).ToString("F2"));
        ApprovedText.Check($"MLNet.Softmax.Tool.Tests/Approved/{name}", text);
    }

    [GeneratedRegex(@"\d+\.\d{5,}(E[+-]?\d+)?")]
    private static partial Regex LongNumber();
}
