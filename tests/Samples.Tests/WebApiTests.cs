using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HotDog;

namespace MLNet.Softmax.Samples.Tests;

/// <summary>The web API as a process of its own on loopback, with the model that the hot-dog sample saved.</summary>
public sealed class WebApiServer(TrainedHotDog hotDog) : IAsyncLifetime
{
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("web-api-");
    private readonly Lock gate = new();
    private readonly StringBuilder output = new();
    private Process process = null!;

    public HttpClient Client { get; } = new();

    public async ValueTask InitializeAsync()
    {
        string[] arguments = ["--urls", "http://127.0.0.1:0", "--model", hotDog.Model];
        process = SampleProcess.Start("WebApi", hotDog.Folder, temporary.FullName, arguments);
        var address = new TaskCompletionSource<string>();
        process.OutputDataReceived += (_, line) => Receive(line.Data);
        process.ErrorDataReceived += (_, line) => Receive(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Client.BaseAddress = new Uri(await address.Task.WaitAsync(TimeSpan.FromMinutes(2)));

        void Receive(string? line)
        {
            lock (gate)
                output.AppendLine(line);
            if (line is null)
                address.TrySetException(new InvalidOperationException($"The server did not start: {output}"));
            else if (Regex.Match(line, @"Now listening on: (http://\S+)") is { Success: true } match)
                address.TrySetResult(match.Groups[1].Value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        temporary.Delete(recursive: true);
    }
}

/// <summary>Photographs sent to the web API. Slow: a network of 60 MB looks at each.</summary>
[Collection(nameof(TrainedHotDog))]
public sealed class WebApiTests(TrainedHotDog hotDog, WebApiServer server) : IClassFixture<WebApiServer>
{
    /// <summary>The header of a BMP picture of 20,000 x 20,000 pixels.</summary>
    private static readonly byte[] Huge =
        [.. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 0x20, 0x4E, 0, 0, 0x20, 0x4E, 0, 0, 1, 0, 24, .. new byte[25]];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Photograph_IsAnsweredAsByTheModel()
    {
        var picture = DrawnPictures.Save(hotDog.Folder)[0];
        using var model = SavedModel.Load(hotDog.Model);
        using var engine = model.CreateEngine();
        using var photograph = PhotographReader.Read(picture);
        var expected = engine.Predict(new PhotographInMemory { Image = photograph });

        var answer = await Read(await Post(await File.ReadAllBytesAsync(picture, Stop), "?top=1"), HttpStatusCode.OK);

        var probabilities = answer.GetProperty("probabilities");
        Assert.Equal(expected.TopLabels.Order(), probabilities.EnumerateObject().Select(one => one.Name).Order());
        Assert.Equal(expected.TopScores, expected.TopLabels.Select(label => probabilities.GetProperty(label).GetSingle()));
        Assert.Equal([expected.TopLabels[0]], Texts(answer, "top"));
        Assert.Equal(expected.PredictionSet, Texts(answer, "predictionSet"));
        var threshold = Assert.Single(answer.GetProperty("thresholds").EnumerateObject());
        Assert.Equal(("hotdog", model.Thresholds["hotdog"]), (threshold.Name, threshold.Value.GetSingle()));
        var decision = probabilities.GetProperty("hotdog").GetSingle() >= model.Thresholds["hotdog"] ? "hotdog" : "not_hotdog";
        Assert.Equal((decision, decision), (answer.GetProperty("decision").GetString(), expected.PredictedLabel));
    }

    /// <summary>More requests at a time than the pool keeps engines.</summary>
    [Fact]
    public async Task Photographs_ManyAtATime_AreAnsweredAsOneAfterAnother()
    {
        var pictures = DrawnPictures.Save(hotDog.Folder).Select(File.ReadAllBytes).ToArray();
        async Task<string> Ask(byte[] picture) => (await Read(await Post(picture), HttpStatusCode.OK)).GetRawText();
        var alone = new List<string>();
        foreach (var picture in pictures)
            alone.Add(await Ask(picture));

        var together = await Task.WhenAll(Enumerable.Repeat(pictures, 6).SelectMany(all => all).Select(Ask));

        Assert.Equal(pictures.Length, alone.Distinct().Count());
        Assert.Equal(Enumerable.Repeat(alone, 6).SelectMany(all => all), together);
    }

    [Theory]
    [InlineData(400, "The photograph is empty.", "", "")]
    [InlineData(400, "The photograph is not a JPEG, PNG or WebP picture.", "no picture", "")]
    [InlineData(400, "top is 0, but 1 or more is expected.", "no picture", "?top=0")]
    [InlineData(400, "Failed to bind parameter \"int top\" from \"many\".", "no picture", "?top=many")]
    public async Task BadRequest_IsExplained(int status, string detail, string body, string query)
    {
        var problem = await Read(await Post(Encoding.ASCII.GetBytes(body), query), (HttpStatusCode)status);

        Assert.Equal((status, detail), (problem.GetProperty("status").GetInt32(), problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task PhotographThatIsTruncated_IsExplained_AndTheNextIsAnswered()
    {
        var picture = await File.ReadAllBytesAsync(hotDog.Draw("sent.jpg"), Stop);

        var problem = await Read(await Post(picture[..(picture.Length / 2)]), HttpStatusCode.BadRequest);

        Assert.Equal("The photograph is truncated.", problem.GetProperty("detail").GetString());
        await Read(await Post(picture), HttpStatusCode.OK);
    }

    [Fact]
    public async Task PhotographOfTooManyPixels_IsRefused()
    {
        var problem = await Read(await Post(Huge), HttpStatusCode.BadRequest);

        Assert.Equal(
            "The photograph has 20000 x 20000 pixels, but at most 100 million can be read.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public void WithoutAModel_TheServerSaysHowToMakeOne()
    {
        using var sample = new SampleProcess("WebApi");

        sample.Run().AssertRefused("There is no model hotdog.zip. Make one with: dotnet run --project samples/HotDog");
    }

    private async Task<HttpResponseMessage> Post(byte[] body, string query = "")
    {
        using var content = new ByteArrayContent(body);
        return await server.Client.PostAsync(new Uri("/photographs" + query, UriKind.Relative), content, Stop);
    }

    private static async Task<JsonElement> Read(HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            Assert.Equal(expected, response.StatusCode);
            var type = expected == HttpStatusCode.OK ? "application/json" : "application/problem+json";
            Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
            return await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
        }
    }

    private static IEnumerable<string?> Texts(JsonElement answer, string name) =>
        answer.GetProperty(name).EnumerateArray().Select(one => one.GetString());
}
