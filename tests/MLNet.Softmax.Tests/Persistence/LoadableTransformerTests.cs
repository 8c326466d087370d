using System.Reflection;
using MLNet.Softmax.Persistence;

namespace MLNet.Softmax.Tests;

public class LoadableTransformerTests
{
    public static TheoryData<Type> Transformers() => [.. ComponentRegistration.LoadableTransformers()];

    [Fact]
    public void EveryTransformerOfTheLibrary_CanBeSavedAndLoaded()
    {
        var transformers = typeof(RowToRowTransformer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RowToRowTransformer)) && !type.IsAbstract);

        Assert.Equal(transformers.OrderBy(type => type.Name), ComponentRegistration.LoadableTransformers().OrderBy(type => type.Name));
    }

    [Theory]
    [MemberData(nameof(Transformers))]
    public void Signatures_FitIntoMLNetsHeader(Type transformer)
    {
        var format = transformer.GetCustomAttribute<ModelFormatAttribute>()!;

        Assert.InRange(format.LoaderSignature.Length, 1, 24);
        Assert.Equal(8, format.ModelSignature.Length);
        Assert.All(format.LoaderSignature + format.ModelSignature, letter => Assert.InRange(letter, '!', '~'));
        Assert.InRange(format.Version, 1u, uint.MaxValue);
    }

    [Fact]
    public void Signatures_AreDistinct()
    {
        var formats = ComponentRegistration.LoadableTransformers().Select(type => type.GetCustomAttribute<ModelFormatAttribute>()!).ToArray();

        // ML.NET compares loader signatures without regard to case.
        Assert.Distinct(formats.Select(format => format.LoaderSignature.ToUpperInvariant()));
        Assert.Distinct(formats.Select(format => format.ModelSignature));
    }
}
