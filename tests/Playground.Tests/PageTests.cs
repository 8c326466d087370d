using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace MLNet.Softmax.Playground.Tests;

/// <summary>The page as such: on any screen, without a mouse, and no larger than it should be. Slow: the example is evaluated.</summary>
public sealed class PageTests(PublishedPage published) : IClassFixture<PublishedPage>
{
    private const int LargestDownload = 3_500_000;

    [Theory]
    [InlineData(420)]
    [InlineData(1280)]
    public async Task OnAnyScreen_NothingMovesAndEverythingHasANameAndFits(int width)
    {
        await using var page = await published.Open("", width);
        Assert.Equal(0, await page.Page.EvaluateAsync<double>("window.shifts.reduce((sum, shift) => sum + shift, 0)"), 0.001);

        await page.Page.ClickAsync(".options summary");
        await page.Page.ClickAsync("#example");
        await page.Page.WaitForSelectorAsync("#calibration");
        await page.Page.WaitForSelectorAsync("#threshold-part svg");

        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            var result = await page.Page.RunAxe();
            Assert.Empty(result.Violations.Select(violation =>
                $"{scheme}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
        }

        var overflow = await page.Page.EvaluateAsync<double>("document.scrollingElement.scrollWidth - window.innerWidth");
        Assert.True(overflow <= 0, $"The page is {overflow} pixels wider than the screen.");
    }

    [Fact]
    public async Task Download_IsSmall()
    {
        await using var page = await published.Open();
        var files = page.Loaded.Select(path => Path.Combine(PublishedPage.Folder, path == "/" ? "index.html" : path[1..])).ToArray();
        var sizes = files.Select(file => new FileInfo(File.Exists(file + ".br") ? file + ".br" : file).Length);
        Assert.InRange(sizes.Sum(), 1_000_000, LargestDownload);
    }
}
