namespace MLNet.Softmax.Tests;

public class DamagedModelTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void AnImpossibleTemperature_EndsInAFormatErrorThatNamesIt()
    {
        var file = ModelFile.Edit(Saved(), "SOFTMAXT", bytes => Replace(bytes, 1.25f, float.NaN));

        Assert.Contains("The SoftmaxTransformer in the model file is damaged: found the temperature NaN", FormatErrorOf(file).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnImpossibleK_EndsInAFormatErrorThatNamesIt()
    {
        var file = ModelFile.Edit(Saved(), "TOPKCLSS", bytes => Replace(bytes, 12345, -12345));

        Assert.Contains("found k = -12345", FormatErrorOf(file).Message, StringComparison.Ordinal);
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

        Assert.Contains("Update MLNet.Softmax", FormatErrorOf(file).Message, StringComparison.Ordinal);
    }

    public static TheoryData<Type> Transformers() => [.. LoadableTransformerTests.Declared()];

    [Theory]
    [MemberData(nameof(Transformers))]
    public void EveryByteOfATransformersData_MayBeWrongWithoutAHugeAllocationOrAnUnnamedError(Type transformer)
    {
        var format = ModelFormatAttribute.Of(transformer);
        var saved = Scores.Save(SavedModelSamples.Of(format.LoaderSignature).Transformer, null);
        var length = 0;
        ModelFile.Edit(saved, format.ModelSignature, bytes => Note(bytes, out length));
        // What follows the transformer's own data, such as the name of the assembly, is ML.NET's.
        for (var at = ModelFile.HeaderSize; at < length; at++)
        {
            var position = at;
            var file = ModelFile.Edit(saved, format.ModelSignature, bytes =>
            {
                bytes[position] ^= 0xFF;
                return bytes;
            });

            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Record.Exception(() => Scores.Load(file));

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
            if (error is not null) AssertReadable(error);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(ModelFile.HeaderSize)]
    [InlineData(ModelFile.HeaderSize + 10)]
    public void ATruncatedTransformer_EndsInAFormatError(int length)
    {
        var file = ModelFile.Edit(Saved(), "SOFTMAXT", bytes => bytes[..length]);

        Assert.IsType<FormatException>(Innermost(Record.Exception(() => Scores.Load(file))!));
    }

    [Fact]
    public void ATruncatedOrForeignFile_EndsInAFormatErrorOfMLNet()
    {
        var saved = Saved();

        Assert.IsType<FormatException>(Record.Exception(() => Scores.Load(saved[..(saved.Length / 2)])));
        Assert.IsType<FormatException>(Record.Exception(() => Scores.Load("no model at all"u8.ToArray())));
        Assert.IsType<FormatException>(Record.Exception(() => Scores.Load([])));
    }

    private byte[] Saved()
    {
        var data = Scores.View(_mlContext, Scores.Logits(10));
        var model = _mlContext.Transforms.Softmax("P", "Score", 1.25f, ScoreKind.Logits)
            .Append(_mlContext.Transforms.LogSoftmax("Log", "Score", 1.25f, ScoreKind.Logits))
            .Append(_mlContext.Transforms.TopK("Top", "P", k: 12345)).Fit(data);
        return Scores.Save(model, data.Schema);
    }

    private static FormatException FormatErrorOf(byte[] file) => Assert.IsType<FormatException>(Innermost(Record.Exception(() => Scores.Load(file))!));

    private static void AssertReadable(Exception error)
    {
        var innermost = Innermost(error);
        Assert.True(innermost is FormatException or InvalidOperationException or ArgumentException, innermost.ToString());
        Assert.NotEmpty(innermost.Message);
    }

    // ML.NET wraps what a component raises while it is loaded, once per level of nesting.
    private static Exception Innermost(Exception error) => error.GetBaseException();

    private static byte[] Replace(byte[] bytes, float old, float with) => Replace(bytes, BitConverter.SingleToInt32Bits(old), BitConverter.SingleToInt32Bits(with));

    private static byte[] Replace(byte[] bytes, int old, int with)
    {
        var at = bytes.AsSpan(ModelFile.HeaderSize).IndexOf(BitConverter.GetBytes(old)) + ModelFile.HeaderSize;
        BitConverter.GetBytes(with).CopyTo(bytes, at);
        return bytes;
    }

    private static byte[] Note(byte[] bytes, out int length)
    {
        length = ModelFile.HeaderSize + (int)BitConverter.ToInt64(bytes, 0x18);
        return bytes;
    }
}
