using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using HotDog;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Transforms;
using SkiaSharp;

namespace MLNet.Softmax.Samples.Tests;

/// <summary>The hot-dog sample, from photographs to answers. Slow: each test starts the sample, which loads a network of 60 MB.</summary>
[Collection(nameof(TrainedHotDog))]
public sealed class HotDogTests(TrainedHotDog hotDog)
{
    [Fact]
    public void Train_NoArguments_TellsTheWholeStory()
    {
        var output = hotDog.Training.Output;

        hotDog.Training.AssertSucceeded();
        Assert.Matches(@"122 photographs to train and calibrate on, 26 for the prediction sets, 52 held out", output);
        // Logistic regression reaches .88 on other folds; one division of 200 photographs differs from another by .01.
        Assert.True(Number(output, @"Accuracy over 10 folds .*: ([\d.]+)\.\s") >= 0.86, output);
        var loss = Regex.Match(output, @"│ log-loss +│ +([\d.]+) │ +([\d.]+) │ +([\d.]+) to ([\d.]+) │");
        Assert.InRange(double.Parse(loss.Groups[2].Value, CultureInfo.InvariantCulture), 0.1, 0.4);
        Assert.Contains("Max and argmax name one class and hide the doubt.", output, StringComparison.Ordinal);
        Assert.All(["hotdog.zip", "hotdog.onnx", "hotdog.html"], file => Assert.True(File.Exists(Path.Combine(hotDog.Folder, file)), file));
        Assert.DoesNotContain('\u001b', output);
        // ONNX Runtime keeps this small one; the network, 60 MB, is gone.
        Assert.Empty(hotDog.TemporaryFiles.Except([".ses"]));
    }

    [Fact]
    public void Train_NoArguments_TellsDrawnHotDogsFromPizzaAndSalad()
    {
        var answers = Regex.Matches(
            hotDog.Training.Output, @"^([\w-]+)\.png +(\w+) +\S+ +(\d+)\.\d%  \{ .* \} +\d+ ms  => (.*)$", RegexOptions.Multiline);

        Assert.Equal(["hotdog-white", "hotdog-plate", "hotdog-blue", "pizza", "salad"], answers.Select(answer => answer.Groups[1].Value));
        Assert.All(answers, answer =>
        {
            var isHotDog = answer.Groups[1].Value.StartsWith("hotdog", StringComparison.Ordinal);
            Assert.All([2, 4], group => Assert.Equal(isHotDog ? "hotdog" : "not_hotdog", answer.Groups[group].Value.TrimEnd()));
            Assert.True(!isHotDog || int.Parse(answer.Groups[3].Value, CultureInfo.InvariantCulture) >= 80, answer.Value);
        });
    }

    [Fact]
    public void Ask_AtAnotherThreshold_DecidesByIt()
    {
        var threshold = Number(hotDog.Training.Output, @"Called 'hotdog' from a probability of ([\d.]+) on \(the highest F1");
        var picture = hotDog.Draw("decided.png", SKEncodedImageFormat.Png);
        using var decided = (TransformerChain<ITransformer>)new MLContext().Model.Load(hotDog.Model, out _);

        Assert.Equal(threshold, decided.OfType<DecideTransformer>().Single().Calibration!.Threshold, 0.005);
        Assert.EndsWith("=> hotdog", hotDog.Run("ask", "--threshold", "0", picture).Output.TrimEnd(), StringComparison.Ordinal);
        Assert.EndsWith("=> not_hotdog", hotDog.Run("ask", "--threshold", "1", picture).Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains(
            "Where to draw the line", File.ReadAllText(Path.Combine(hotDog.Folder, "hotdog.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_Json_IsOneArrayInTheFormOfImageClassification()
    {
        var picture = hotDog.Draw("one.png", SKEncodedImageFormat.Png);

        var result = hotDog.Run("ask", "--json", "--top", "2", picture, Path.Combine(hotDog.Folder, "missing.jpg"));

        Assert.Equal(0, result.ExitCode);
        var entry = Assert.Single(JsonDocument.Parse(result.Output).RootElement.EnumerateArray());
        Assert.Equal(picture, entry.GetProperty("file").GetString());
        var top = entry.GetProperty("top").EnumerateArray().Select(one => one.GetProperty("score").GetDouble()).ToArray();
        Assert.Equal(2, top.Length);
        Assert.True(top[0] >= top[1]);
        Assert.Equal(1, top.Sum(), 1e-5);
        Assert.NotEmpty(entry.GetProperty("set").EnumerateArray());
        Assert.Contains("missing.jpg does not exist.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_FilesThatAreNoUsablePictures_AreNamedOneLineEach()
    {
        var whole = File.ReadAllBytes(hotDog.Draw("whole.jpg"));
        var truncated = Write("truncated.jpg", whole[..(whole.Length / 2)]);
        var empty = Write("empty.jpg", []);
        var text = Write("text.jpg", "no picture"u8.ToArray());

        var result = hotDog.Run("ask", truncated, empty, text, hotDog.Folder + "/none.jpg");

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Equal(
            [
                $"{truncated} is truncated.", $"{empty} is empty.", $"{text} is not a JPEG, PNG or WebP picture.",
                $"{hotDog.Folder}/none.jpg does not exist.",
            ],
            result.Error.TrimEnd().Split('\n').Select(line => line["hotdog: ".Length..]));
    }

    [Fact]
    public void Ask_APhotographThatTheCameraTurned_IsTheUprightOne()
    {
        // EXIF orientation 3: upside down. A picture turned by hand and marked so is the upright one again.
        using var bitmap = SKBitmap.Decode(hotDog.Draw("upright.png", SKEncodedImageFormat.Png));
        using var turned = new SKBitmap(bitmap.Info);
        using (var canvas = new SKCanvas(turned))
        {
            canvas.RotateDegrees(180, bitmap.Width / 2f, bitmap.Height / 2f);
            canvas.DrawBitmap(bitmap, 0, 0);
        }

        var upright = Write("camera-1.jpg", Encode(bitmap));
        var marked = Write("camera-2.jpg", WithOrientation(Encode(turned), 3));
        var unmarked = Write("camera-3.jpg", Encode(turned));

        var scores = JsonDocument.Parse(hotDog.Run("ask", "--json", upright, marked, unmarked).Output).RootElement.EnumerateArray()
            .Select(entry => entry.GetProperty("top")[0].GetProperty("score").GetDouble()).ToArray();

        Assert.Equal(scores[0], scores[1], 0.02);
        Assert.True(Math.Abs(scores[2] - scores[0]) > 1e-4, "The picture is so symmetric that this test says nothing.");
    }

    [Fact]
    public void Train_OnAFolderOfPhotographs_KeepsTheFeaturesForTheNextRun()
    {
        var random = new Random(1);
        var images = Path.Combine(hotDog.Folder, "shapes");
        foreach (var shape in new[] { "discs", "stripes" })
        {
            Directory.CreateDirectory(Path.Combine(images, shape));
            for (var i = 0; i < 40; i++)
                DrawShape(Path.Combine(images, shape, $"{i:00}.webp"), shape == "discs", random);
        }

        File.WriteAllText(Path.Combine(images, "discs", "broken.jpg"), "no picture");
        string[] arguments = ["train", "--images", images, "--model", "shapes.zip", "--report", "shapes.html", "--trainer", "lbfgs"];

        var first = hotDog.Run(arguments);
        // One picture for all, of the old sizes and times: a run that looks at them again cannot tell them apart.
        var stripes = Path.Combine(images, "stripes", "01.webp");
        var same = File.ReadAllBytes(stripes);
        foreach (var file in Directory.GetFiles(images, "*.webp", SearchOption.AllDirectories))
        {
            var time = File.GetLastWriteTimeUtc(file);
            File.WriteAllBytes(file, same);
            File.SetLastWriteTimeUtc(file, time);
        }

        var second = hotDog.Run(arguments);

        Assert.True((first.ExitCode, second.ExitCode) == (0, 0), first.Error + second.Error);
        Assert.Contains("0 of them with features from an earlier run", first.Output, StringComparison.Ordinal);
        Assert.Contains("broken.jpg is not a JPEG, PNG or WebP picture.", first.Error, StringComparison.Ordinal);
        Assert.Contains("80 of them with features from an earlier run", second.Output, StringComparison.Ordinal);
        var report = File.ReadAllText(Path.Combine(hotDog.Folder, "shapes.html"));
        Assert.InRange(Regex.Count(report, "src=\"data:image/jpeg;base64,"), 12, 24);
        Assert.True(Number(second.Output, @"│ accuracy +│ +([\d.]+) │") > 0.95, second.Output);
        var answer = hotDog.Run("ask", "--model", Path.Combine(hotDog.Folder, "shapes.zip"), stripes);
        Assert.Contains("stripes", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void SavedModel_InAnotherProcess_AnswersForAPathAsForThePictureInMemory()
    {
        var path = hotDog.Draw("twice.png", SKEncodedImageFormat.Png);
        var mlContext = new MLContext();
        using var model = (IDisposable)mlContext.Model.Load(hotDog.Model, out _);
        using var engine = CreateEngine(mlContext, (ITransformer)model);
        using var saved = SavedModel.Load(hotDog.Model);
        using var ofPicture = saved.CreateEngine();
        using var picture = PhotographReader.Read(path);

        var fromPath = engine.Predict(new PhotographFile { ImagePath = path });
        var fromPicture = ofPicture.Predict(new PhotographInMemory { Image = picture });

        Assert.Equal(fromPath.TopLabels, fromPicture.TopLabels);
        Assert.Equal(fromPath.TopScores, fromPicture.TopScores);
        Assert.Equal([fromPath.PredictedLabel, .. fromPath.PredictionSet], [fromPicture.PredictedLabel, .. fromPicture.PredictionSet]);
    }

    [Fact]
    public async Task SavedModel_OnEightThreadsWithAnEngineEach_AnswersAsOnOne()
    {
        var files = DrawnPictures.Save(hotDog.Folder);
        var mlContext = new MLContext();
        using var model = (IDisposable)mlContext.Model.Load(hotDog.Model, out _);
        float[] Ask()
        {
            using var engine = CreateEngine(mlContext, (ITransformer)model);
            return [.. files.SelectMany(file => engine.Predict(new PhotographFile { ImagePath = file }).TopScores)];
        }

        var alone = Ask();
        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(Ask, TaskCreationOptions.LongRunning)));

        Assert.Equal(2 * files.Length, alone.Length);
        Assert.All(together, scores => Assert.Equal(alone, scores));
    }

    [Theory]
    [InlineData("--threshold is 1.5", "--threshold", "1.5")]
    [InlineData("--threshold is NaN", "train", "--threshold", "NaN")]
    [InlineData("'--treshold'", "--treshold", "0.5")]
    [InlineData("'extra'", "train", "extra")]
    [InlineData("Argument 'tree' not recognized", "--trainer", "tree")]
    [InlineData("there is no such folder", "--images", "nowhere")]
    [InlineData("--images is empty", "--images", " ")]
    [InlineData("folder does not exist", "--model", "no/such/folder.zip")]
    [InlineData("--report names a folder", "--report", ".")]
    [InlineData("--positive is 'pizza', but the classes are hotdog, not_hotdog", "--positive", "pizza")]
    [InlineData("Make one with 'hotdog train'", "ask", "--model", "none.zip", "picture.jpg")]
    [InlineData("--epochs must be 1 or more", "--epochs", "0")]
    [InlineData("needs Microsoft.ML.Vision: dotnet run", "--trainer", "image-classification", "--images", ".")]
    [InlineData("--top must be 1 or more", "ask", "--top", "0", "picture.jpg")]
    public void WrongArguments_EndInOneLine(string expected, params string[] arguments) =>
        hotDog.Run(arguments).AssertRefused("hotdog: ", expected);

    [Fact]
    public void AFolderWithOneClass_IsRefused()
    {
        Directory.CreateDirectory(Path.Combine(hotDog.Folder, "single", "dogs"));
        File.Copy(hotDog.Draw("dog.jpg"), Path.Combine(hotDog.Folder, "single", "dogs", "dog.jpg"));

        hotDog.Run("--images", Path.Combine(hotDog.Folder, "single")).AssertRefused("photographs of 1 classes (dogs)");
    }

    private static PredictionEngine<PhotographFile, Answer> CreateEngine(MLContext mlContext, ITransformer model) =>
        mlContext.Model.CreatePredictionEngine<PhotographFile, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });

    private static double Number(string output, string pattern) =>
        double.Parse(Regex.Match(output, pattern).Groups[1].Value, CultureInfo.InvariantCulture);

    private static byte[] Encode(SKBitmap bitmap)
    {
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 98);
        return data.ToArray();
    }

    /// <summary>The JPEG file with an EXIF segment that holds the orientation alone.</summary>
    private static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        .. jpeg[..2], 0xFF, 0xE1, 0x00, 0x22, .. "Exif\0\0MM\0*"u8,
        0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0, .. jpeg[2..],
    ];

    private static void DrawShape(string path, bool isDisc, Random random)
    {
        using var surface = SKSurface.Create(new SKImageInfo(224, 224));
        surface.Canvas.Clear(new SKColor((uint)random.Next() | 0xFF808080));
        using var paint = new SKPaint { Color = new SKColor((uint)random.Next() | 0xFF000000) };
        for (var i = 0; i < 6; i++)
        {
            if (isDisc) surface.Canvas.DrawCircle(random.Next(224), random.Next(224), 30, paint);
            else surface.Canvas.DrawRect(0, i * 40 + random.Next(10), 224, 12, paint);
        }

        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Webp, 80);
        // All of one size, which the cache knows.
        File.WriteAllBytes(path, [.. data.ToArray(), .. new byte[20_000 - data.Size]]);
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(hotDog.Folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
