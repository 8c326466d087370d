using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace MLNet.Softmax.Playground.Tests;

/// <summary>The published files behind a plain file server, and a browser.</summary>
public sealed class PublishedPage : IAsyncLifetime
{
    private readonly BrowserFixture _browser = new();
    private WebApplication? _server;
    private OpenPage? _shared;

    public static string Folder { get; } = typeof(PublishedPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "PublishedPlayground").Value!;

    private string Address => _server!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public async ValueTask InitializeAsync()
    {
        await _browser.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        var files = new PhysicalFileProvider(Folder);
        _server.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        _server.UseStaticFiles(new StaticFileOptions { FileProvider = files });
        await _server.StartAsync();
    }

    /// <summary>Opens the page and waits until everything is loaded.</summary>
    internal async Task<OpenPage> Open(string query = "", int width = 1280)
    {
        var context = await _browser.Browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = new OpenPage(context, await context.NewPageAsync());
        await page.Load(Address + "/" + query);
        return page;
    }

    /// <summary>A page for the tests of one class, as the test before left it.</summary>
    internal async Task<OpenPage> Shared() => _shared ??= await Open();

    public async ValueTask DisposeAsync()
    {
        if (_shared is not null)
            await _shared.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        await _browser.DisposeAsync();
    }
}

/// <summary>The page in a browser. When it is disposed, it must not have complained or requested anything after loading.</summary>
internal sealed class OpenPage(IBrowserContext context, IPage page) : IAsyncDisposable
{
    private const float Patience = 120_000;

    private readonly List<string> _problems = [];
    private readonly HashSet<string> _loaded = [];
    private bool _isLoaded;

    public IPage Page => page;

    /// <summary>The paths of the files that were requested while the page loaded.</summary>
    public IReadOnlyCollection<string> Loaded => _loaded;

    public async Task Load(string address)
    {
        page.SetDefaultTimeout(Patience);
        page.Console += (_, message) => _problems.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => _problems.Add(error);
        context.Request += (_, request) =>
        {
            // What the page makes itself is no request.
            if (request.Url.StartsWith("blob:", StringComparison.Ordinal) || request.Url.StartsWith("data:", StringComparison.Ordinal))
                return;
            _loaded.Add(new Uri(request.Url).AbsolutePath);
            if (_isLoaded)
                _problems.Add("requested after loading: " + request.Url);
        };
        await page.AddInitScriptAsync("""
            window.shifts = [];
            new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts.push(entry.value)))
                .observe({ type: 'layout-shift', buffered: true });
            """);
        await page.GotoAsync(address);
        await page.WaitForSelectorAsync("html[data-loaded]", new() { State = WaitForSelectorState.Attached });
        await page.WaitForSelectorAsync("#z0");
        _isLoaded = true;
    }

    /// <summary>Moves a slider, or fills in a field.</summary>
    public Task Set(string id, double value) => page.Locator("#" + id).FillAsync(FormattableString.Invariant($"{value}"));

    /// <summary>The texts of all elements that a selector finds.</summary>
    public async Task<string[]> Texts(string selector) =>
        [.. (await page.Locator(selector).AllInnerTextsAsync()).Select(text => text.Trim())];

    public async Task<string> Text(string selector) => (await page.Locator(selector).InnerTextAsync()).Trim();

    /// <summary>Chooses a file and waits for its figures or its error.</summary>
    public async Task Drop(string path)
    {
        await page.EvaluateAsync("document.querySelectorAll('#figures, #error').forEach(old => old.dataset.old = '')");
        await page.SetInputFilesAsync("#score-file", path);
        await page.WaitForSelectorAsync("#figures:not([data-old]), #error:not([data-old])");
    }

    /// <summary>The figures of a list, by name.</summary>
    public async Task<Dictionary<string, string>> Figures(string id) =>
        (await Texts($"#{id} dt")).Zip(await Texts($"#{id} dd.value")).ToDictionary(pair => pair.First, pair => pair.Second);

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        Assert.Empty(_problems);
    }
}
