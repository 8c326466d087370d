using MLNet.Softmax.Numerics.Notebooks;

namespace MLNet.Softmax.Tests;

/// <summary>
/// Every transformer that the library declares as loadable: what its saved models are marked with, those of every released format version,
/// which load and give what the transformer gives today, and damaged ones. Fixtures/*.zip were written by ML.NET 5.0; a new format version
/// gets a new file beside the old ones, which stay.
/// </summary>
public class SavedModelTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>The transformers that the library declares as loadable.</summary>
    internal static IEnumerable<Type> Declared() => typeof(RowToRowTransformer).Assembly.CustomAttributes
        .Where(attribute => attribute.AttributeType.Name.StartsWith("LoadableTransformerAttribute", StringComparison.Ordinal))
        .Select(attribute => attribute.AttributeType.GetGenericArguments()[0]);

    public static TheoryData<Type> Transformers() => [.. Declared()];

    [Fact]
    public void EveryTransformerOfTheLibrary_IsDeclared()
    {
        var transformers = typeof(RowToRowTransformer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(RowToRowTransformer)) && !type.IsAbstract);
        Assert.Equal(transformers.OrderBy(type => type.Name), Declared().OrderBy(type => type.Name));
    }

    [Fact]
    public void Signatures_AreDistinctAndFitIntoMLNetsHeader()
    {
        var formats = Declared().Select(ModelFormatAttribute.Of).ToArray();

        // ML.NET compares loader signatures without regard to case.
        Assert.Distinct(formats.Select(format => format.LoaderSignature.ToUpperInvariant()));
        Assert.Distinct(formats.Select(format => format.ModelSignature));
        Assert.All(formats, format =>
        {
            Assert.InRange(format.LoaderSignature.Length, 1, 24);
            Assert.Equal(8, format.ModelSignature.Length);
            Assert.All(format.LoaderSignature + format.ModelSignature, letter => Assert.InRange(letter, '!', '~'));
            Assert.InRange(format.Version, 1u, uint.MaxValue);
        });
    }

    [Fact]
    public void AClassWithoutAFormat_IsNamed() =>
        Refusal.Of<NotSupportedException>(() => ModelFormatAttribute.Of(typeof(string)), "String cannot be saved");

    [Fact]
    public void ANewMLContext_LoadsAModelWithoutRegistration() =>
        Assert.NotNull(new MLContext().Model.Load(new MemoryStream(Saved()), out _));

    public static TheoryData<string, uint> SavedFormats() =>
        [.. from type in Declared()
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

    [Theory]
    [MemberData(nameof(Transformers))]
    public void AFit_IsSavedInFull(Type type)
    {
        var transformer = SavedModelSamples.Of(ModelFormatAttribute.Of(type).LoaderSignature).Transformer;
        if (transformer is not IFitted { Fit: var fit })
            return;
        var loaded = ((IFitted)Scores.Load(Scores.Save(transformer, null))).Fit;
        if (fit is PredictionSetFit)
            Assert.Equal(fit, loaded);
        else
            Assert.Equivalent(fit, loaded, strict: true);
    }

    [Fact]
    public void AnImpossibleTemperatureOrK_EndsInAFormatErrorThatNamesIt()
    {
        var (found, instead) = (BitConverter.SingleToInt32Bits(1.25f), BitConverter.SingleToInt32Bits(float.NaN));
        ModelFile.AssertFormatError(ModelFile.Edit(Saved(), "SOFTMAXT", bytes => Replace(bytes, found, instead)),
            "The SoftmaxTransformer in the model file is damaged: found the temperature NaN");
        ModelFile.AssertFormatError(ModelFile.Edit(Saved(), "TOPKCLSS", bytes => Replace(bytes, 12345, -12345)), "found k = -12345");
        var calibrator = SavedModelSamples.Of("Softmax.Temperature").Transformer;
        foreach (var temperature in (double[])[0, -1, double.NaN, 1e300])
        {
            AssertDamaged(
                calibrator, BitConverter.GetBytes(1.75), BitConverter.GetBytes(temperature),
                FormattableString.Invariant($"the temperature {temperature}."));
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-2)]
    public void AThresholdForAGoalThatCannotBe_EndsInAFormatError(double beta) => AssertDamaged(
        SavedModelSamples.Of("Softmax.Decide").Transformer, BitConverter.GetBytes(2.0), BitConverter.GetBytes(beta),
        "a goal that cannot be.");

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(-2)]
    public void CostsOfAnotherNumberOfRows_EndInAFormatError(int rows)
    {
        static byte[] Ints(params int[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
        var transformer = new DecideTransformer(new("Decided", "Score", false, 0, [], new float[,] { { 0, 1 }, { 5, 0 } }), null);
        AssertDamaged(transformer, Ints(2, 4), Ints(rows, 4), $"4 costs in {rows} rows.");
    }

    [Fact]
    public void AnImpossibleTransformer_EndsInAFormatErrorThatNamesWhatItFound()
    {
        foreach (var (transformer, found) in SavedModelSamples.Impossible())
        {
            ModelFile.AssertFormatError(
                Scores.Save(transformer, null), $"The {transformer.GetType().Name} in the model file is damaged: found {found}");
        }
    }

    [Fact]
    public void ASavedScoreKindOfAuto_EndsInAFormatErrorThatNamesIt()
    {
        // The kind stands before the temperature.
        var file = ModelFile.Edit(Saved(), "SOFTMAXT", bytes =>
        {
            var at = bytes.AsSpan(ModelFile.HeaderSize).IndexOf(BitConverter.GetBytes(1.25f)) + ModelFile.HeaderSize - sizeof(int);
            Assert.Equal((int)ScoreKind.Logits, BitConverter.ToInt32(bytes, at));
            BitConverter.GetBytes((int)ScoreKind.Auto).CopyTo(bytes, at);
            return bytes;
        });
        ModelFile.AssertFormatError(file, "The SoftmaxTransformer in the model file is damaged: found the score kind Auto, which is never");
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
            Refusal.Of<FormatException>(() => Scores.Load(file));
    }

    private byte[] Saved()
    {
        var data = Scores.View(_mlContext, Scores.Logits(10));
        var model = _mlContext.Transforms.Softmax("P", "Score", 1.25f, ScoreKind.Logits)
            .Append(_mlContext.Transforms.LogSoftmax("Log", "Score", 1.25f, ScoreKind.Logits))
            .Append(_mlContext.Transforms.TopK("Top", "P", k: 12345)).Fit(data);
        return Scores.Save(model, data.Schema);
    }

    /// <summary>The transformer's model, with one part of its data replaced, is refused.</summary>
    private static void AssertDamaged(RowToRowTransformer transformer, byte[] part, byte[] instead, string found)
    {
        var file = ModelFile.Edit(
            Scores.Save(transformer, null), ModelFormatAttribute.Of(transformer.GetType()).ModelSignature, bytes =>
            {
                var own = ModelFile.OwnData(bytes);
                instead.CopyTo(own[own.IndexOf(part)..]);
                return bytes;
            });
        ModelFile.AssertFormatError(file, $"The {transformer.GetType().Name} in the model file is damaged: found {found}");
    }

    private static byte[] Replace(byte[] bytes, int old, int with)
    {
        var at = bytes.AsSpan(ModelFile.HeaderSize).IndexOf(BitConverter.GetBytes(old)) + ModelFile.HeaderSize;
        BitConverter.GetBytes(with).CopyTo(bytes, at);
        return bytes;
    }
}
