namespace MLNet.Softmax.Tests;

/// <summary>
/// Models saved by every released format version of every transformer load and give what the transformer gives today. Fixtures/*.zip were
/// written by ML.NET 5.0; a new format version gets a new file beside the old ones, which stay.
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
        var file = Path.Combine(Repository.Root, "tests", "MLNet.Softmax.Tests", "Fixtures", $"{loaderSignature}-{version}.zip");
        var sample = SavedModelSamples.Of(loaderSignature);
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("WRITE_FIXTURES") == "1")
            File.WriteAllBytes(file, Scores.Save(sample.Transformer, null));
        Assert.True(File.Exists(file), $"There is no {file}: with a new format version, run this test once with WRITE_FIXTURES=1.");

        var loaded = Scores.Load(File.ReadAllBytes(file));

        Assert.Equal(sample.Transformer.GetType(), loaded.GetType());
        Assert.Equal(ViewText.Of(sample.Transformer.Transform(sample.Data)), ViewText.Of(loaded.Transform(sample.Data)));
    }
}
