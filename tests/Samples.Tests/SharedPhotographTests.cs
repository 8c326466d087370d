using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using HotDog;
using Microsoft.ML;

namespace MLNet.Softmax.Samples.Tests;

/// <summary>The hot-dog sample on real photographs, which are not in the repository. Slow: a network looks at each.</summary>
public sealed class SharedPhotographTests : IDisposable
{
    private readonly SampleProcess _hotDog = new("HotDog");

    public void Dispose() => _hotDog.Dispose();

    [Fact]
    public void Features_OfTheHotDogPhotographs_AreThoseOfTheBuiltInFile()
    {
        var photographs = SharedFolder("hotdog/photos");
        var builtIn = FeatureFile.Load();
        Assert.Equal(200, builtIn.Count);
        // Some of each class: the network needs a tenth of a second for each.
        var some = builtIn.Where((_, index) => index % 5 == 0).ToDictionary(photograph => $"{photograph.Label}/{photograph.Image}");
        // Links in a folder of our own, because the features are kept beside the photographs.
        var folder = Path.Combine(_hotDog.Folder, "photographs");
        foreach (var name in some.Keys)
        {
            Directory.CreateDirectory(Path.Combine(folder, Path.GetDirectoryName(name)!));
            File.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine(photographs, name));
        }

        var computed = PhotographFolder.Read(new MLContext(), folder, TestContext.Current.CancellationToken);

        Assert.Equal(40, computed.Count);
        Assert.All(computed, photograph =>
        {
            var pairs = photograph.Features.Zip(some[photograph.Image.Replace('\\', '/')].Features);
            Assert.InRange(pairs.Max(pair => Math.Abs(pair.First - pair.Second)), 0, 0.01f);
        });
    }

    [Fact]
    public void Flowers_AreToldApart_AndCalibrationHelps()
    {
        var images = Directory.CreateSymbolicLink(Path.Combine(_hotDog.Folder, "photographs"), SharedFolder("flowers")).FullName;
        var result = _hotDog.Run("train", "--images", images);

        result.AssertSucceeded();
        double[] Row(string name) => [.. Regex.Match(result.Output, $@"│ {name} +│ +([\d.]+) │ +([\d.]+) │").Groups.Values
            .Skip(1).Select(group => double.Parse(group.Value, CultureInfo.InvariantCulture))];
        Assert.InRange(Row("accuracy")[1], 0.8, 1);
        Assert.True(Row("log-loss")[1] < Row("log-loss")[0], result.Output);
    }

    private static string SharedFolder(string name)
    {
        var root = typeof(SharedPhotographTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        var folder = Path.GetFullPath(Path.Combine(root, "../shared/data", name));
        Assert.SkipUnless(Directory.Exists(folder), $"There is no {folder}.");
        return folder;
    }
}
