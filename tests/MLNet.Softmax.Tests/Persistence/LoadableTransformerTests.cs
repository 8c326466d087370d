using System.Reflection;

namespace MLNet.Softmax.Tests;

public class LoadableTransformerTests
{
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

    [Theory]
    [MemberData(nameof(Transformers))]
    public void Signatures_FitIntoMLNetsHeader(Type transformer)
    {
        var format = ModelFormatAttribute.Of(transformer);

        Assert.InRange(format.LoaderSignature.Length, 1, 24);
        Assert.Equal(8, format.ModelSignature.Length);
        Assert.All(format.LoaderSignature + format.ModelSignature, letter => Assert.InRange(letter, '!', '~'));
        Assert.InRange(format.Version, 1u, uint.MaxValue);
    }

    [Fact]
    public void Signatures_AreDistinct()
    {
        var formats = Declared().Select(ModelFormatAttribute.Of).ToArray();

        // ML.NET compares loader signatures without regard to case.
        Assert.Distinct(formats.Select(format => format.LoaderSignature.ToUpperInvariant()));
        Assert.Distinct(formats.Select(format => format.ModelSignature));
    }

    [Fact]
    public void AClassWithoutAFormat_IsNamed() =>
        Refusal.Of<NotSupportedException>(() => ModelFormatAttribute.Of(typeof(string)), "String cannot be saved");

    [Fact]
    public void ANewMLContext_LoadsAModelWithoutRegistration()
    {
        var mlContext = new MLContext(seed: 1);
        var data = Scores.View(mlContext, Scores.Logits(10));
        var saved = Scores.Save(mlContext.Transforms.Softmax("P", "Score", 1.25f, ScoreKind.Logits).Fit(data), data.Schema);

        Assert.NotNull(new MLContext().Model.Load(new MemoryStream(saved), out _));
    }
}
