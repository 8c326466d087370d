using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Numerics.Tests;

public class PublicApiTests
{
    [Fact]
    public void PublicSurface_IsTheOneKeptInTheTree() => PublicApi.AssertIsAsKept(typeof(Softmax).Assembly);
}
