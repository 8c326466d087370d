using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using HotDog;
using Microsoft.ML;

namespace MLNet.Softmax.Samples.Tests;

/// <summary>The hot-dog sample on real photographs, which are not in the repository.</summary>
public sealed class SharedPhotographTests : IDisposable
{
    private readonly SampleProcess _hotDog = new("HotDog");

    public void Dispose() => _hotDog.Dispose();

    [Fact]
    public void Features_OfTheHotDogPhotographs_AreThoseOfTheBuiltInFile()
    {
        var computed = PhotographFolder.Read(new MLContext(), LinkTo("hotdog/photos"), TestContext.Current.CancellationToken)
            .ToDictionary(photograph => photograph.Image.Replace('\\', '/'), photograph => photograph.Features);
        var builtIn = FeatureFile.Load();

        Assert.Equal(200, builtIn.Count);
        Assert.All(builtIn, photograph =>
        {
            var pairs = computed[$"{photograph.Label}/{photograph.Image}"].Zip(photograph.Features);
            Assert.InRange(pairs.Max(pair => Math.Abs(pair.First - pair.Second)), 0, 0.01f);
        });
    }

    [Fact]
    public void Flowers_AreToldApart_AndCalibrationHelps()
    {
        var result = _hotDog.Run("train", "--images", LinkTo("flowers"));

        result.AssertSucceeded();
        double[] Row(string name) => [.. Regex.Match(result.Output, $@"│ {name} +│ +([\d.]+) │ +([\d.]+) │").Groups.Values
            .Skip(1).Select(group => double.Parse(group.Value, CultureInfo.InvariantCulture))];
        Assert.InRange(Row("accuracy")[1], 0.8, 1);
        Assert.True(Row("log-loss")[1] < Row("log-loss")[0], result.Output);
    }

    /// <summary>A link in a folder of our own, because the features are kept beside the photographs.</summary>
    private string LinkTo(string name)
    {
        var root = typeof(SharedPhotographTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        var folder = Path.GetFullPath(Path.Combine(root, "../shared/data", name));
        Assert.SkipUnless(Directory.Exists(folder), $"There is no {folder}.");
        return Directory.CreateSymbolicLink(Path.Combine(_hotDog.Folder, "photographs"), folder).FullName;
    }
}
