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
        var (transformer, data) = SavedModelSamples.Of(loaderSignature);
        ModelFile.AssertFixture($"{loaderSignature}-{version}", transformer, data);
    }
}
