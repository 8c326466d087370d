using System.Globalization;
using System.Text.RegularExpressions;
using MLNet.Softmax.Tool.Tests;
using Parquet;
using Parquet.Schema;

namespace MLNet.Softmax.Playground.Tests;

/// <summary>The page and the tool say the same about a file. Slow: .NET interprets the code in a browser.</summary>
public sealed partial class EvaluationTests(PublishedPage published) : IClassFixture<PublishedPage>, IDisposable
{
    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    public static TheoryData<string> Cases =>
        [.. Directory.GetFiles(Repository.TestData("cases")).Select(file => "cases/" + Path.GetFileName(file)), "digits/digits-logits.csv"];

    [Fact]
    public async Task DroppedFiles_GiveTheToolsFigures()
    {
        await using var page = await published.Open();
        foreach (var file in Cases.Select(row => Repository.TestData(row.Data)))
        {
            await page.Drop(file);
            await AssertSameAsTool(page, file);
        }
    }

    [Fact]
    public async Task Parquet_GivesTheToolsFigures()
    {
        var file = Path.Combine(_tool.Folder, "scores.parquet");
        await WriteParquet(file);
        await using var page = await published.Open();
        await page.Drop(file);
        await AssertSameAsTool(page, file);
    }

    [Fact]
    public async Task Example_ShowsTheToolsCalibrationThresholdAndReport()
    {
        var file = Repository.TestData("digits/digits-logits.csv");
        await using var page = await published.Open();
        await page.Page.ClickAsync("#example");
        await page.Page.WaitForSelectorAsync("#calibration");

        var tool = ToolRun.Evaluate(file, "--calibrate-on", "0.5");
        Assert.Equal(tool.GetProperty("calibration").GetString(), await page.Text("#fit"));
        Assert.Equal(
            [Shown(tool.GetProperty("before").Figure("logLoss")), Shown(tool.Figure("logLoss"))],
            (await page.Texts("#calibration tbody tr:nth-child(3) td")));

        await page.Set("threshold", 0.9);
        var right = ToolRun.Evaluate(file, "--threshold", "0.9").GetProperty("threshold").GetProperty("after").GetProperty("value");
        await page.Page.WaitForFunctionAsync(
            "value => document.querySelector('#threshold-figures dd').innerText === value", Shown(right.GetDouble()));

        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.ClickAsync("#save-report"));
        var report = Path.Combine(_tool.Folder, "tool.html");
        Assert.Equal(0, ToolRun.Run("evaluate", file, "--report", report).ExitCode);
        Assert.Equal("digits-logits-report.html", download.SuggestedFilename);
        AssertSameReport(File.ReadAllText(report), File.ReadAllText((await download.PathAsync())!));
    }

    [Fact]
    public async Task BrokenFiles_EndInTheToolsMessage()
    {
        var packed = File.ReadAllBytes(Repository.TestData("cases/q_gz.csv.gz"));
        File.WriteAllBytes(Path.Combine(_tool.Folder, "cut.csv.gz"), packed[..^10]);
        File.WriteAllBytes(Path.Combine(_tool.Folder, "cut.parquet"), "PAR1 and so on"u8.ToArray());
        _tool.Write("empty.csv", "");
        _tool.Write("numbers.csv", "0,1,0\n1,0,1\n");
        _tool.Write("half.csv", "Label,P0,P1\n0,1,0\n1,0.5,half\n");
        _tool.Write("cow.csv", "Label,cat,dog\ncow,1,0\n");
        _tool.Write("sum.csv", "Label,P0,P1\n0,0.52,0.63\n");
        _tool.Write("none.csv", "Label,P0,P1\n,0.5,0.5\n");

        await using var page = await published.Open();
        foreach (var file in Directory.GetFiles(_tool.Folder))
        {
            await page.Drop(file);
            var result = ToolRun.Run("evaluate", file);
            result.AssertRefused();
            Assert.Equal(result.Error.Trim(), "softmax: " + await page.Text("#error"));
        }
    }

    [Fact]
    public async Task Options_AreThoseOfTheTool()
    {
        var file = _tool.Write("two.csv", "truth,other,cat,dog\ncat,7,0.9,0.1\ndog,8,0.2,0.8\n");
        await using var page = await published.Open();
        await page.Drop(file);
        Assert.Contains("--ignore", await page.Text("#error"), StringComparison.Ordinal);
        await page.Page.ClickAsync(".options summary");
        await page.Page.Locator("[id='--ignore']").FillAsync("other");
        await page.Page.Locator("[id='--ignore']").PressAsync("Tab");
        await page.Page.ClickAsync("#again");
        await page.Page.WaitForSelectorAsync("#figures");
        await AssertSameAsTool(page, file, "--ignore", "other");
    }

    [Fact]
    public async Task LargeFile_LeavesThePageAnsweringAndCanBeStopped()
    {
        var file = LargeFile();
        await using var page = await published.Open();
        await page.Page.SetInputFilesAsync("#score-file", file);
        await page.Page.WaitForSelectorAsync("#stop");
        await page.Set("z0", -3);
        Assert.Equal("–", (await page.Texts("#scores-table td:nth-child(2) > span:last-child"))[0]);
        await page.Page.ClickAsync("#stop");
        await page.Page.GetByText("Stopped.").WaitForAsync();

        await page.Drop(file);
        await AssertSameAsTool(page, file);
    }

    // The worker then still evaluates the example, which prepares it.
    [Fact]
    public async Task StoppedAtOnce_Stops()
    {
        await using var page = await published.Open();
        await page.Page.EvaluateAsync("""
            text => new Promise(resolve => {
                const files = new DataTransfer();
                files.items.add(new File([text], 'large.csv'));
                const input = document.getElementById('score-file');
                input.files = files.files;
                input.dispatchEvent(new Event('change', { bubbles: true }));
                const stop = () => {
                    const button = document.getElementById('stop');
                    if (button) resolve(button.click());
                    else setTimeout(stop);
                };
                stop();
            })
            """, await File.ReadAllTextAsync(LargeFile(), TestContext.Current.CancellationToken));
        await page.Page.GetByText("Stopped.").WaitForAsync();
        Assert.Equal(0, await page.Page.Locator("#figures").CountAsync());
    }

    [Fact]
    public async Task FileDroppedWhileAnotherIsEvaluated_TakesItsPlace()
    {
        await using var page = await published.Open();
        await page.Page.SetInputFilesAsync("#score-file", LargeFile());
        await page.Page.WaitForSelectorAsync("#stop");

        var file = Repository.TestData("digits/digits-logits.csv");
        await page.Drop(file);
        await AssertSameAsTool(page, file);
    }

    private string LargeFile()
    {
        var random = new Random(1);
        var lines = Enumerable.Range(0, 60_000).Select(row => FormattableString.Invariant(
            $"{row % 3},{random.NextSingle()},{random.NextSingle() + 1},{random.NextSingle() - 1}"));
        return _tool.Write("large.csv", "Label,Z0,Z1,Z2\n" + string.Join('\n', lines));
    }

    private static async Task WriteParquet(string file)
    {
        var (label, first, second) = (new DataField<int>("label"), new DataField<double>("p0"), new DataField<double>("p1"));
        await using (var stream = File.Create(file))
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(label, first, second), stream))
        {
            for (var groups = 0; groups < 3; groups++)
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<int>(label, new[] { 0, 1, groups % 2 });
                await group.WriteAsync<double>(first, new[] { 0.75, 0.5, 0.125 });
                await group.WriteAsync<double>(second, new[] { 0.25, 0.5, 0.875 });
            }
        }
    }

    private static async Task AssertSameAsTool(OpenPage page, string file, params string[] arguments)
    {
        var printed = ToolRun.Run(["evaluate", file, .. arguments]);
        Assert.True(printed.ExitCode == 0, printed.Error);
        // A name of a column may contain a line break.
        Assert.StartsWith(OneLine(await page.Text("#layout")) + " ", OneLine(printed.Output), StringComparison.Ordinal);
        var tool = ToolRun.Evaluate(file, arguments);
        var figures = await page.Figures("figures");
        foreach (var (name, key) in new[]
            {
                ("Accuracy", "microAccuracy"), ("Log-loss", "logLoss"), ("Brier score", "brierScore"), ("Macro F1", "macroF1"),
                ("Calibration error", "expectedCalibrationError"), ("Matthews correlation", "matthewsCorrelation"),
            })
        {
            Assert.Equal((name, Shown(tool.Figure(key))), (name, figures[name]));
        }
    }

    /// <summary>
    /// The same text. A browser rounds the last bit of a probability differently, which changes the order of confidences that are almost 1
    /// and with it the beginning of the risk-coverage curve: figures may differ by two in the fourth decimal.
    /// </summary>
    private static void AssertSameReport(string expected, string actual)
    {
        var (left, right) = (Words(expected), Words(actual));
        Assert.Equal(left.Length, right.Length);
        foreach (var (wanted, found) in left.Zip(right).Where(pair => pair.First != pair.Second))
        {
            Assert.Equal(
                double.Parse(wanted, CultureInfo.InvariantCulture), double.Parse(found, CultureInfo.InvariantCulture), 2.5e-4);
        }

        static string[] Words(string report) => DrawnLine().Replace(report, "").Split([' ', '\n', '<', '>', ';', '"']);
    }

    [GeneratedRegex(" d=\"[^\"]*\"")]
    private static partial Regex DrawnLine();

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Shown(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
