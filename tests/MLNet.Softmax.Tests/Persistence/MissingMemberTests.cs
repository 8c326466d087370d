using Microsoft.ML;
using MLNet.Softmax.Persistence;

namespace MLNet.Softmax.Tests;

/// <summary>An ML.NET without the internal members that the bridges lean on is simulated by objects that lack them.</summary>
public class MissingMemberTests
{
    private sealed class HeaderOnly
    {
        public object Header = new();
    }

    private sealed class ReaderAndEmptyHeader
    {
        public BinaryReader Reader = new(new MemoryStream());
        public object Header = new();
    }

    [Fact]
    public void ALoadContextWithoutReader_IsNamed() =>
        AssertNames(() => ModelReader.Begin(new HeaderOnly(), typeof(SoftmaxTransformer)), "Microsoft.ML.ModelLoadContext.Reader");

    [Fact]
    public void AHeaderWithoutSignature_IsNamed() =>
        AssertNames(() => ModelReader.Begin(new ReaderAndEmptyHeader(), typeof(SoftmaxTransformer)), "ModelSignature");

    [Fact]
    public void ACatalogWithoutEnvironment_IsNamed() => AssertNames(() => CatalogBridge.Enter(new object()), "Microsoft.ML.Data.IInternalCatalog.Environment");

    private static void AssertNames(Action action, string member)
    {
        var error = Assert.Throws<NotSupportedException>(action);
        Assert.Contains(member, error.Message, StringComparison.Ordinal);
        Assert.Contains(typeof(ITransformer).Assembly.GetName().Version!.ToString(), error.Message, StringComparison.Ordinal);
    }
}
