namespace MLNet.Softmax.Tests;

public class DamagedModelTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void AnImpossibleTemperatureOrK_EndsInAFormatErrorThatNamesIt()
    {
        var (found, instead) = (BitConverter.SingleToInt32Bits(1.25f), BitConverter.SingleToInt32Bits(float.NaN));
        ModelFile.AssertFormatError(ModelFile.Edit(Saved(), "SOFTMAXT", bytes => Replace(bytes, found, instead)),
            "The SoftmaxTransformer in the model file is damaged: found the temperature NaN");
        ModelFile.AssertFormatError(ModelFile.Edit(Saved(), "TOPKCLSS", bytes => Replace(bytes, 12345, -12345)), "found k = -12345");
    }

    [Fact]
    public void ALaterFormat_SaysSo()
    {
        // The version numbers follow the model's signature in ML.NET's header.
        var file = ModelFile.Edit(Saved(), "SOFTMAXT", bytes =>
        {
            var at = bytes.AsSpan().IndexOf("SOFTMAXT"u8) + 8;
            bytes[at] = bytes[at + 4] = 9;
            return bytes;
        });
        ModelFile.AssertFormatError(file, "Update MLNet.Softmax");
    }

    public static TheoryData<Type> Transformers() => [.. LoadableTransformerTests.Declared()];

    [Theory]
    [MemberData(nameof(Transformers))]
    public void EveryByteOfATransformersData_MayBeWrongWithoutAHugeAllocationOrAnUnnamedError(Type transformer)
    {
        var format = ModelFormatAttribute.Of(transformer);
        var saved = Scores.Save(SavedModelSamples.Of(format.LoaderSignature).Transformer, null);
        Assert.True(ModelFile.AssertEveryByteMayBeWrong(saved, format.ModelSignature) > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(ModelFile.HeaderSize)]
    [InlineData(ModelFile.HeaderSize + 10)]
    public void ATruncatedTransformer_EndsInAFormatError(int length) =>
        ModelFile.AssertFormatError(ModelFile.Edit(Saved(), "SOFTMAXT", bytes => bytes[..length]));

    [Fact]
    public void ATruncatedOrForeignFile_EndsInAFormatErrorOfMLNet()
    {
        foreach (var file in new[] { Saved()[..(Saved().Length / 2)], "no model at all"u8.ToArray(), [] })
            Assert.Throws<FormatException>(() => Scores.Load(file));
    }

    private byte[] Saved()
    {
        var data = Scores.View(_mlContext, Scores.Logits(10));
        var model = _mlContext.Transforms.Softmax("P", "Score", 1.25f, ScoreKind.Logits)
            .Append(_mlContext.Transforms.LogSoftmax("Log", "Score", 1.25f, ScoreKind.Logits))
            .Append(_mlContext.Transforms.TopK("Top", "P", k: 12345)).Fit(data);
        return Scores.Save(model, data.Schema);
    }

    private static byte[] Replace(byte[] bytes, int old, int with)
    {
        var at = bytes.AsSpan(ModelFile.HeaderSize).IndexOf(BitConverter.GetBytes(old)) + ModelFile.HeaderSize;
        BitConverter.GetBytes(with).CopyTo(bytes, at);
        return bytes;
    }
}
