namespace MLNet.Softmax.Tests;

/// <summary>Saved models that were damaged in many places at once: each loads, or ends in an error that says what is wrong.</summary>
public sealed class ModelFuzzTests
{
    private const int MostBytes = 50_000_000;

    public static TheoryData<Type> Transformers() => SavedModelTests.Transformers();

    [Theory]
    [MemberData(nameof(Transformers))]
    public void ADamagedModel_LoadsAndTransformsOrEndsInAClearError(Type transformer)
    {
        var format = ModelFormatAttribute.Of(transformer);
        var (sample, data) = SavedModelSamples.Of(format.LoaderSignature);
        var saved = Scores.Save(sample, null);
        byte[] own = [];
        ModelFile.Edit(saved, format.ModelSignature, bytes =>
        {
            own = ModelFile.OwnData(bytes).ToArray();
            return bytes;
        });
        foreach (var damaged in Mutations.Of([own], Mutations.Count / 20))
        {
            // As long as before, so that ML.NET finds its own data after it.
            var file = ModelFile.Edit(saved, format.ModelSignature, bytes =>
            {
                damaged.AsSpan(0, Math.Min(damaged.Length, own.Length)).CopyTo(ModelFile.OwnData(bytes));
                return bytes;
            });
            AssertClear(file, data);
        }
    }

    [Fact]
    public void ADamagedFile_LoadsOrEndsInAClearError()
    {
        var (sample, data) = SavedModelSamples.Of("Softmax.Temperature");
        foreach (var damaged in Mutations.Of([Scores.Save(sample, null)], Mutations.Count / 8))
        {
            // The zip archive and the name of the assembly are .NET's to read: InvalidDataException and FileNotFoundException.
            AssertClear(damaged, data, isFile: true);
        }
    }

    private static void AssertClear(byte[] file, IDataView data, bool isFile = false)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Record.Exception(() => ViewText.Of(Scores.Load(file).Transform(data)))?.GetBaseException();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        Assert.True(
            error is null or FormatException or InvalidOperationException or ArgumentException
            || (isFile && error is IOException or InvalidDataException),
            $"{Convert.ToBase64String(file)}: {error}");
        Assert.NotEqual("", error?.Message);
    }
}
