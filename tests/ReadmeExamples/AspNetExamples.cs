using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace ReadmeExamples;

public class AspNetExamples
{
    [Fact]
    public async Task Service_AnswersRequestsAtTheSameTime()
    {
        var mlContext = new MLContext(seed: 1);
        var (train, _, _) = Snacks.Split(mlContext);
        var pipeline = Snacks.Trainer(mlContext).Append(mlContext.Transforms.Softmax("Probability", "Score"));
        mlContext.Model.Save(pipeline.Fit(train), train.Schema, "snacks.zip");
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");

        #region serve
        var model = mlContext.Model.Load("snacks.zip", out _);   // one model for all requests
        var engines = new DefaultObjectPoolProvider().Create(new EnginePolicy(mlContext, model));
        app.MapPost("/snacks", (Snack snack) =>
        {
            var engine = engines.Get();   // an engine answers one request at a time
            try { return engine.Predict(snack); }
            finally { engines.Return(engine); }
        });
        #endregion

        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Ask(client)));
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.Contains("probability", answers[0]);
        File.Delete("snacks.zip");
    }

    private static async Task<string> Ask(HttpClient client)
    {
        using var snack = new StringContent("""{"features":[0.55,0.45]}""", null, "application/json");
        var response = await client.PostAsync(new Uri("/snacks", UriKind.Relative), snack, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private sealed class EnginePolicy(MLContext mlContext, ITransformer model) : PooledObjectPolicy<PredictionEngine<Snack, Answer>>
    {
        public override PredictionEngine<Snack, Answer> Create() => mlContext.Model.CreatePredictionEngine<Snack, Answer>(model);

        public override bool Return(PredictionEngine<Snack, Answer> obj) => true;
    }
}

internal sealed class Answer
{
    public float[] Probability { get; set; } = [];
}
