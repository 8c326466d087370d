using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Charts;
using MLNet.Softmax.Tests.Evaluation.Browser;
using MLNet.Softmax.Tests.Evaluation.Report;

namespace MLNet.Softmax.Tests.Readme;

/// <summary>
/// README's pictures show what the library draws today: a network that reads handwritten digits, before and after a temperature. With
/// WRITE_PICTURES=1 they are drawn anew, which needs Chromium.
/// </summary>
public sealed class PictureTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string HowTo = "Run: WRITE_PICTURES=1 dotnet run --project tests/MLNet.Softmax.Tests -- -class '*PictureTests'";

    private static readonly bool IsWriting = Environment.GetEnvironmentVariable("WRITE_PICTURES") == "1";
    private static readonly ProbabilityMetrics Before = Evaluate(1);
    private static readonly ProbabilityMetrics After = Evaluate(RecordedNetwork.Load("digits").Number("temperature"));

    [Fact]
    public void ReliabilityDiagrams_AreThoseOfToday()
    {
        Check("reliability-before.svg", new ReliabilityDiagram(Before) { Title = "Before calibration", Width = 400 });
        Check("reliability-after.svg", new ReliabilityDiagram(After) { Title = "After calibration", Width = 400 });
    }

    /// <summary>A picture can differ from one browser to another, so the hash of the page that it shows lies beside it.</summary>
    [Fact]
    public async Task Report_IsThatOfToday()
    {
        string html = After.Html(new ProbabilityReportOptions { Title = "Handwritten digits", Before = Before });
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(html)));
        string hashFile = FileOf("report.png.sha256");
        if (IsWriting)
        {
            await using var page = await ReportInBrowser.Open(fixture.Browser, html, 1100, ColorScheme.Light);
            await page.SavePicture(FileOf("report.png"), height: 1005);
            File.WriteAllText(hashFile, hash + "\n");
        }

        Assert.True(File.Exists(FileOf("report.png")), HowTo);
        Assert.True(File.ReadAllText(hashFile).Trim() == hash, $"docs/report.png shows an older report. {HowTo}");
    }

    private static void Check(string name, Chart chart)
    {
        if (IsWriting)
            chart.SaveSvg(FileOf(name));
        Assert.True(File.ReadAllText(FileOf(name)) == chart.ToSvg(), $"docs/{name} shows an older chart. {HowTo}");
    }

    private static string FileOf(string name) => Path.Combine(Repository.Root, "docs", name);

    /// <summary>In double precision, so that the figures are the same on every processor.</summary>
    private static ProbabilityMetrics Evaluate(double temperature)
    {
        var network = RecordedNetwork.Load("digits");
        const int classCount = RecordedNetwork.ClassCount;
        float[] probabilities = [.. network.TestLogits().Chunk(classCount).SelectMany(logits => Softmax(logits, temperature))];
        var evaluator = new ProbabilityEvaluator(Enumerable.Range(0, classCount).Select(digit => digit.ToString("D", null)));
        evaluator.Add(new ProbabilityBlock(probabilities, classCount, network.TestLabels));
        return evaluator.ToMetrics();
    }

    private static float[] Softmax(float[] logits, double temperature)
    {
        double[] terms = [.. logits.Select(logit => Math.Exp((logit - logits.Max()) / temperature))];
        return [.. terms.Select(term => (float)(term / terms.Sum()))];
    }
}
