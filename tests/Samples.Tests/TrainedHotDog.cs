using SkiaSharp;

namespace MLNet.Softmax.Samples.Tests;

/// <summary>One trained model for all tests that ask it.</summary>
public sealed class TrainedHotDog : IDisposable
{
    private readonly SampleProcess _hotDog = new("HotDog");

    public TrainedHotDog() => Training = _hotDog.Run();

    internal SampleResult Training { get; }

    public string Folder => _hotDog.Folder;

    public string Model => Path.Combine(Folder, "hotdog.zip");

    public IEnumerable<string> TemporaryFiles => Directory.EnumerateFileSystemEntries(_hotDog.Temporary).Select(Path.GetFileName)!;

    internal SampleResult Run(params string[] arguments) => _hotDog.Run(arguments);

    /// <summary>Draws a picture, wider than high and with its left half dark, and saves it.</summary>
    public string Draw(string name, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg)
    {
        using var surface = SKSurface.Create(new SKImageInfo(260, 230));
        surface.Canvas.Clear(SKColors.White);
        using var paint = new SKPaint { Color = new SKColor(0xFF9A3A20) };
        surface.Canvas.DrawRoundRect(0, 80, 130, 60, 30, 30, paint);
        using var image = surface.Snapshot();
        using var data = image.Encode(format, 95);
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, data.ToArray());
        return path;
    }

    public void Dispose() => _hotDog.Dispose();
}

[CollectionDefinition(nameof(TrainedHotDog))]
public sealed class TrainedHotDogCollection : ICollectionFixture<TrainedHotDog>;
