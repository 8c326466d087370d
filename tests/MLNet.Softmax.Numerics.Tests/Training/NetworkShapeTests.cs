namespace MLNet.Softmax.Numerics.Tests.Training;

public class NetworkShapeTests
{
    [Fact]
    public void Constructor_Layers_LieOneAfterTheOther()
    {
        var shape = new NetworkShape(4, 8, 3);

        Assert.Equal(4 * 8 + 8 + 8 * 3 + 3, shape.ParameterCount);
        Assert.Equal([0, 40], shape.Layers.ToArray().Select(layer => layer.Offset));
        Assert.Equal((4, 3, 8), (shape.FeatureCount, shape.ClassCount, shape.WidestOutput));
    }

    [Fact]
    public void Constructor_LayerWithoutUnits_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkShape(4, 0, 3));

    [Fact]
    public void Constructor_MoreWeightsThanAnArrayHolds_NamesTheLayers()
    {
        Refusal.Of<ArgumentException>(() => new NetworkShape(100_000, 100_000, 3), "100000, 100000, 3");
    }
}
