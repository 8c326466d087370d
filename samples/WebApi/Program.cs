// Serves the model that samples/HotDog saves:
//   dotnet run --project samples/HotDog
//   dotnet run --project samples/WebApi
//   curl --data-binary @PHOTO.jpg "http://localhost:5000/photographs?top=1"
using HotDog;
using Microsoft.Extensions.ObjectPool;
using WebApi;

using Engine = Microsoft.ML.PredictionEngine<HotDog.PhotographInMemory, HotDog.Answer>;

var builder = WebApplication.CreateBuilder(args);
var path = builder.Configuration["model"] ?? "hotdog.zip";
if (!File.Exists(path))
{
    Console.Error.WriteLine($"There is no model {path}. Make one with: dotnet run --project samples/HotDog");
    return 2;
}

// All requests share one model. An engine answers one request at a time, so each request borrows one from a pool.
// PredictionEnginePool of the package Microsoft.Extensions.ML does the same, and loads the model again when its file changes.
using var model = SavedModel.Load(path);
builder.Services.AddSingleton(_ => new DefaultObjectPoolProvider().Create(new EnginePolicy(model)));
builder.Services.AddErrorsAsProblems();

var app = builder.Build();
app.UseErrorsAsProblems();
app.MapPost("/photographs", async (Stream body, ObjectPool<Engine> engines, int top = 3) =>
{
    if (top < 1)
        throw new BadHttpRequestException($"top is {top}, but 1 or more is expected.");
    using var file = new MemoryStream();
    await body.CopyToAsync(file);
    file.Position = 0;
    using var photograph = PhotographReader.Read(file, "The photograph");
    var engine = engines.Get();
    try
    {
        return new PhotographAnswer(engine.Predict(new PhotographInMemory { Image = photograph }), model.Thresholds, top);
    }
    finally
    {
        engines.Return(engine);
    }
});
app.Run();
return 0;
