using System.Collections.Concurrent;
using Microsoft.Playwright;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Charts;
using MLNet.Softmax.Tests.Evaluation.Charts;
using MLNet.Softmax.Tests.Evaluation.Report;

namespace MLNet.Softmax.Tests.Evaluation.Browser;

/// <summary>Reports as a reader sees them: in a browser, on a wide and on a narrow screen, light and dark.</summary>
public sealed class ReportInBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    // Reports, which take longer than the browser: the same ones for every screen.
    private static readonly ConcurrentDictionary<int, string> Comparisons = [];
    private static readonly Lazy<string> OfClass = new(() => WithDecision(ThresholdGoal.MeanCost(4, 1), "b"));
    private static readonly Lazy<string> OfConfidence = new(() => WithDecision(ThresholdGoal.SelectiveRisk(0.3), null));

    public static MatrixTheoryData<int, int, ColorScheme> Screens => new([2, 10, 100], [420, 1280], [ColorScheme.Light, ColorScheme.Dark]);

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Report_OnAnyScreen_ShowsChartsWhoseWordsCanBeRead(int classCount, int width, ColorScheme scheme)
    {
        await using var page = await ReportInBrowser.Open(fixture.Browser, ComparisonOf(classCount), width, scheme);

        Assert.Empty(page.Errors);
        var charts = await page.Charts();
        Assert.Equal(classCount == 2 ? 4 : 6, charts.Count);
        Assert.All(charts, chart => Assert.True(chart.Width >= 250 && chart.Height >= 100 && chart.Texts >= 5, chart.ToString()));
        Assert.Empty(charts.SelectMany(chart => chart.Problems.Select(problem => $"{chart.Title}: {problem}")));
        Assert.True(await page.Overflow() <= 0, "The page is wider than the screen.");
    }

    private static string WithDecision(ThresholdGoal goal, string? positiveClass)
    {
        var (metrics, options) = DecisionSectionTests.Sample(new MLContext(1), goal, positiveClass);
        return metrics.Html(options);
    }

    private static string ComparisonOf(int classCount) => Comparisons.GetOrAdd(classCount, static count =>
    {
        var before = ReportSample.Evaluate(count, rows: 3000, sharpness: 4);
        var after = ReportSample.Evaluate(count, rows: 3000, sharpness: 1);
        var comparison = ProbabilityMetrics.Compare(before, after, new BootstrapOptions { Resamples = 20 });
        return after.Html(new ProbabilityReportOptions { Before = before, Comparison = comparison });
    });

    [Theory]
    [InlineData(420)]
    [InlineData(1280)]
    public async Task Report_WithPictures_ShowsThemAllOnAnyScreen(int width)
    {
        byte[] pixel = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
        string html = ReportSample.Evaluate(3, hasRowNames: true).Html(new ProbabilityReportOptions { Image = _ => pixel });
        await using var page = await ReportInBrowser.Open(fixture.Browser, html, width, ColorScheme.Dark);

        Assert.Empty(page.Errors);
        Assert.Equal(40, await page.PicturesShown());
        Assert.True(await page.Overflow() <= 0, "The page is wider than the screen.");
    }

    [Theory]
    [InlineData(420, ColorScheme.Light)]
    [InlineData(420, ColorScheme.Dark)]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task Report_WithADecision_ShowsItsCurves(int width, ColorScheme scheme)
    {
        foreach (var (html, chartCount) in new[] { (OfClass.Value, 7), (OfConfidence.Value, 6) })
        {
            await using var page = await ReportInBrowser.Open(fixture.Browser, html, width, scheme);
            Assert.Empty(page.Errors);
            var charts = await page.Charts();
            Assert.Equal(chartCount, charts.Count);
            Assert.Empty(charts.SelectMany(chart => chart.Problems.Select(problem => $"{chart.Title}: {problem}")));
            Assert.True(await page.Overflow() <= 0, "The page is wider than the screen.");
        }
    }

    [Theory]
    [InlineData(420, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task Charts_EachOnItsOwn_CanBeReadInEveryTheme(int width, ColorScheme scheme)
    {
        var charts = Enum.GetValues<ChartTheme>().SelectMany(theme => ChartDocumentTests.Every(theme)).ToArray();
        string html = "<!DOCTYPE html><meta charset=utf-8><link rel=icon href='data:,'>"
            + string.Concat(charts.Select(chart => chart.ToSvg()));
        await using var page = await ReportInBrowser.Open(fixture.Browser, html, width, scheme);

        Assert.Empty(page.Errors);
        var shown = await page.Charts();
        Assert.Equal(charts.Length, shown.Count);
        Assert.Empty(shown.SelectMany(chart => chart.Problems.Select(problem => $"{chart.Title}: {problem}")));
        Assert.True(await page.Overflow() <= 0, "A chart is wider than the screen.");
        var colours = await page.PaperColours();
        string automatic = scheme == ColorScheme.Light ? "rgb(255, 255, 255)" : "rgb(22, 25, 29)";
        Assert.Equal(
            [.. Enumerable.Repeat(automatic, 5), .. Enumerable.Repeat("rgb(255, 255, 255)", 5), .. Enumerable.Repeat("rgb(22, 25, 29)", 5)],
            colours);
    }

    [Fact]
    public async Task Report_InLightAndInDark_HasOtherColours()
    {
        string html = ReportSample.Evaluate(3).Html();
        await using var light = await ReportInBrowser.Open(fixture.Browser, html, 800, ColorScheme.Light);
        await using var dark = await ReportInBrowser.Open(fixture.Browser, html, 800, ColorScheme.Dark);

        Assert.Equal("rgb(255, 255, 255)", await light.Background());
        Assert.Equal("rgb(22, 25, 29)", await dark.Background());
    }

    [Fact]
    public async Task Report_OfLongNames_FitsANarrowScreen()
    {
        var metrics = ReportSample.Evaluate(6, className: index => new string((char)('a' + index), 300));
        await using var page = await ReportInBrowser.Open(fixture.Browser, metrics.Html(), 420, ColorScheme.Light);

        Assert.Empty(page.Errors);
        Assert.Empty((await page.Charts()).SelectMany(chart => chart.Problems));
        Assert.True(await page.Overflow() <= 0, "The page is wider than the screen.");
    }
}
