using System.Text.Json;
using Microsoft.Playwright;

namespace MLNet.Softmax.Tests.Evaluation.Browser;

/// <summary>What a browser makes of a chart: its size in pixels, how many texts it shows, and what is wrong with them.</summary>
internal sealed record RenderedChart(string Title, double Width, double Height, int Texts, string[] Problems);

/// <summary>A report opened in a browser.</summary>
internal sealed class ReportInBrowser : IAsyncDisposable
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    private readonly IBrowserContext _context;
    private readonly IPage _page;
    private readonly string _file;
    private readonly List<string> _errors = [];

    private ReportInBrowser(IBrowserContext context, IPage page, string file)
    {
        (_context, _page, _file) = (context, page, file);
        page.Console += (_, message) => _errors.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => _errors.Add(error);
        page.Request += (_, request) =>
            _errors.AddRange(request.Url.StartsWith("http", StringComparison.Ordinal) ? ["fetched " + request.Url] : []);
        page.RequestFailed += (_, request) => _errors.Add("failed to fetch " + request.Url);
    }

    /// <summary>What the browser's console complained about, and what the page asked the network for.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public static async Task<ReportInBrowser> Open(IBrowser browser, string html, int width, ColorScheme scheme)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".html");
        await File.WriteAllTextAsync(file, html);
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
        });
        var report = new ReportInBrowser(context, await context.NewPageAsync(), file);
        await report._page.GotoAsync(new Uri(file).AbsoluteUri);
        return report;
    }

    /// <summary>Every chart; a text that leaves its drawing, lies on another text or is too small to read is a problem.</summary>
    public async Task<IReadOnlyList<RenderedChart>> Charts()
    {
        string json = await _page.EvaluateAsync<string>("""
            () => JSON.stringify([...document.querySelectorAll('svg[role=img]')].map(svg => {
                const box = svg.getBoundingClientRect(), problems = [];
                const texts = [...svg.querySelectorAll('text')].map(text => ({
                    words: [...text.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data).join(''),
                    box: text.getBoundingClientRect(),
                    size: parseFloat(getComputedStyle(text).fontSize) * box.width / svg.viewBox.baseVal.width,
                }));
                for (const [index, { words, box: own, size }] of texts.entries()) {
                    if (own.left < box.left - 1 || own.right > box.right + 1 || own.top < box.top - 1 || own.bottom > box.bottom + 1)
                        problems.push(`'${words}' leaves the drawing`);
                    if (size < 7.5)
                        problems.push(`'${words}' is ${size} pixels high`);
                    for (const other of texts.slice(index + 1)) {
                        const across = Math.min(own.right, other.box.right) - Math.max(own.left, other.box.left);
                        const along = Math.min(own.bottom, other.box.bottom) - Math.max(own.top, other.box.top);
                        if (across > 1 && along > size / 3)
                            problems.push(`'${words}' lies on '${other.words}'`);
                    }
                }
                const title = svg.querySelector('title').textContent;
                return { title, width: box.width, height: box.height, texts: texts.length, problems };
            }))
            """);
        return JsonSerializer.Deserialize<RenderedChart[]>(json, CamelCase)!;
    }

    /// <summary>How many pictures the browser could decode and shows at 100 pixels or more.</summary>
    public Task<int> PicturesShown() => _page.EvaluateAsync<int>(
        "() => [...document.images].filter(one => one.naturalWidth > 0 && one.width >= 100 && one.height >= 100).length");

    /// <summary>By how many pixels the page is wider than its window.</summary>
    public Task<double> Overflow() => _page.EvaluateAsync<double>("() => document.scrollingElement.scrollWidth - window.innerWidth");

    public Task<string> Background() =>
        _page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('main')).backgroundColor");

    /// <summary>The background of each chart that has one of its own.</summary>
    public Task<string[]> PaperColours() =>
        _page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('svg .paper')].map(paper => getComputedStyle(paper).fill)");

    /// <summary>Saves what the window shows, and below it, to a height in pixels, as PNG.</summary>
    public Task SavePicture(string path, int height) => _page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = path,
        FullPage = true,
        Clip = new Clip { Width = _page.ViewportSize!.Width, Height = height },
    });

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        File.Delete(_file);
    }
}
