using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Tests;

public class PublicApiTests
{
    [Fact]
    public void PublicSurface_IsTheOneKeptInTheTree() => PublicApi.AssertIsAsKept(typeof(SoftmaxTransformer).Assembly);
}
