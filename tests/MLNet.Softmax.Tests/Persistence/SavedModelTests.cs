using Microsoft.ML;

namespace MLNet.Softmax.Tests;

/// <summary>
/// Models saved by every released format version of every transformer load and give what the transformer gives today. Fixtures/*.zip were
/// written by ML.NET 5.0; a new format version gets a new file beside the old ones, which stay (see <see cref="WriteFixtures"/>).
/// </summary>
public class SavedModelTests
{
    public static TheoryData<string, uint> SavedFormats() =>
        [.. from type in LoadableTransformerTests.Declared()
            let format = ModelFormatAttribute.Of(type)
            from version in Enumerable.Range(1, (int)format.Version)
            select (format.LoaderSignature, (uint)version)];

    [Theory]
    [MemberData(nameof(SavedFormats))]
    public void AModelOfEveryFormatVersion_StillLoadsAndGivesTheSame(string loaderSignature, uint version)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Fixtures", FileName(loaderSignature, version));
        Assert.True(File.Exists(file), $"There is no saved model of format version {version} of {loaderSignature}: {file}. Write it with {nameof(WriteFixtures)}.");
        var sample = SavedModelSamples.Of(loaderSignature);

        var loaded = Scores.Load(File.ReadAllBytes(file));

        Assert.Equal(sample.Transformer.GetType(), loaded.GetType());
        Assert.Equal(ViewText.Of(sample.Transformer.Transform(sample.Data)), ViewText.Of(loaded.Transform(sample.Data)));
    }

    /// <summary>
    /// Writes the files of the current format versions that are not there yet: run this test alone, with <c>--explicit on</c>.
    /// </summary>
    [Fact(Explicit = true)]
    public void WriteFixtures()
    {
        foreach (var type in LoadableTransformerTests.Declared())
        {
            var format = ModelFormatAttribute.Of(type);
            var file = Path.Combine(TestSupport.Repository.Root, "tests", "MLNet.Softmax.Tests", "Fixtures", FileName(format.LoaderSignature, format.Version));
            if (!File.Exists(file)) File.WriteAllBytes(file, Scores.Save(SavedModelSamples.Of(format.LoaderSignature).Transformer, null));
        }
    }

    private static string FileName(string loaderSignature, uint version) => $"{loaderSignature}-{version}.zip";
}
