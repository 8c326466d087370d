namespace MLNet.Softmax.Numerics.Tests;

public class IndependenceTests
{
    [Fact]
    public void Numerics_References_NoMLNet()
        => Assert.DoesNotContain(
            typeof(Softmax).Assembly.GetReferencedAssemblies(), name => name.Name!.StartsWith("Microsoft.ML", StringComparison.Ordinal));
}
