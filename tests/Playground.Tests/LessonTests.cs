using System.Globalization;
using MLNet.Softmax.Numerics;

namespace MLNet.Softmax.Playground.Tests;

/// <summary>The lessons show what the library computes. Slow: a page loads two .NET runtimes, which interpret the code.</summary>
public sealed class LessonTests(PublishedPage published) : IClassFixture<PublishedPage>
{
    private static readonly float[] Scores = [-1.25f, 4.5f, 0, 3.75f, -6];

    [Fact]
    public async Task Scores_Moved_ShowWhatTheLibraryComputes()
    {
        var page = await published.Shared();
        await SetScores(page, [0, 0, 1, 0, 0]);
        await SetScores(page, Scores);

        var expected = new float[Scores.Length];
        Numerics.Softmax.Compute(Scores, expected);
        Assert.Equal(expected.Select(Shown), await page.Texts("#scores-table td:nth-child(4) > span:last-child"));
        Assert.Equal(["–", "4.50", "–", "–", "–"], await page.Texts("#scores-table td:nth-child(2) > span:last-child"));
        Assert.Equal(["0", "1", "0", "0", "0"], await page.Texts("#scores-table td:nth-child(3) > span:last-child"));
    }

    [Fact]
    public async Task Temperature_Moved_ShowsWhatTheLibraryComputes()
    {
        var page = await published.Shared();
        await SetScores(page, Scores);
        foreach (var (exponent, temperature) in new[] { (-1d, 0.1f), (0.3, 2f), (1d, 10f) })
        {
            await page.Set("t", exponent);
            var expected = new float[Scores.Length];
            Numerics.Softmax.Compute(Scores, expected, temperature);
            Assert.Equal(expected.Select(Shown), await page.Texts("#temperature-shares dd > span:last-child"));
        }
    }

    [Fact]
    public async Task TwoClasses_AnswerFromTheThresholdOn()
    {
        var page = await published.Shared();
        await page.Set("h", 0.5);
        await page.Set("d", 1.5);
        Assert.Equal(Shown(1 / (1 + Math.Exp(-1.5))), await page.Text("#two-probability"));
        Assert.Equal("hot dog", await page.Text("#two-answer"));
        await page.Set("h", 0.82);
        Assert.Equal("not hot dog", await page.Text("#two-answer"));
    }

    [Fact]
    public async Task Learning_LowersTheLossByTheGradient()
    {
        var page = await published.Shared();
        await SetScores(page, Scores);
        await page.Page.GetByRole(Microsoft.Playwright.AriaRole.Radio, new() { Name = "pizza" }).CheckAsync();

        var gradient = new float[Scores.Length];
        var loss = CrossEntropy.LossAndGradient(Scores, 2, gradient);
        Assert.Equal(Shown(loss), await page.Text("#loss"));
        Assert.Equal(gradient.Select(Signed), await page.Texts("#gradient-shares .gradient"));

        await page.Page.ClickAsync("#learn");
        var after = CrossEntropy.Loss([.. Scores.Zip(gradient, (score, slope) => score - slope)], 2);
        Assert.True(after < loss);
        Assert.Equal(Shown(after), await page.Text("#loss"));
    }

    [Fact]
    public async Task LargeScores_OverflowInTheFormulaOnly()
    {
        await using var page = await published.Open();
        Assert.Equal(["NaN", "NaN", "NaN"], await page.Texts("#large-table td:nth-child(2)"));
        Assert.Equal(["0.0900", "0.2447", "0.6652"], await page.Texts("#large-table td:nth-child(3)"));
        for (var place = 0; place < 3; place++)
            await page.Set($"x{place}", place + 1);
        Assert.Equal(["0.0900", "0.2447", "0.6652"], await page.Texts("#large-table td:nth-child(2)"));
    }

    [Fact]
    public async Task Address_OpenedElsewhere_ShowsTheSame()
    {
        await using var page = await published.Open();
        await page.Set("z1", 2.25);
        await page.Set("t", -0.5);
        await page.Set("d", -2);
        await page.Set("x2", 900);
        await page.Page.ClickAsync("#learn");
        // The step of learning changes the first score, 3.1, and is the last to reach the address.
        await page.Page.WaitForFunctionAsync(
            "() => location.search.includes('x=1000,1001,900') && !location.search.includes('z=3.1,')");

        await using var other = await published.Open(await page.Page.EvaluateAsync<string>("location.search"));
        const string Values = "#scores-table, #temperature-shares, #two-probability, #gradient-shares, #large-table";
        Assert.Equal(await page.Texts(Values), await other.Texts(Values));
    }

    [Fact]
    public async Task DamagedAddress_ShowsTheDefaults()
    {
        await using var page = await published.Open("?z=1,2,x,4,5&t=0&truth=7&d=nan&h=2&x=1&z=&=&t");
        await using var other = await published.Open();
        Assert.Equal(await other.Texts(".stage"), await page.Texts(".stage"));
    }

    [Fact]
    public async Task Sliders_MoveWithTheKeyboard()
    {
        var page = await published.Shared();
        await SetScores(page, [3, 0.75f, 0, 1, -0.5f]);
        await page.Page.FocusAsync("#z4");
        await page.Page.Keyboard.PressAsync("End");
        Assert.Equal(["–", "–", "–", "–", "6.00"], await page.Texts("#scores-table td:nth-child(2) > span:last-child"));
        await page.Page.Keyboard.PressAsync("Home");
        Assert.Equal("3.00", (await page.Texts("#scores-table td:nth-child(2) > span:last-child"))[0]);
    }

    private static async Task SetScores(OpenPage page, float[] scores)
    {
        for (var dish = 0; dish < scores.Length; dish++)
            await page.Set($"z{dish}", scores[dish]);
    }

    private static string Shown(float value) => Shown((double)value);

    private static string Shown(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Signed(float value) => value.ToString("+0.0000;−0.0000", CultureInfo.InvariantCulture);
}
