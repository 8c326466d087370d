namespace MLNet.Softmax.Numerics.Tests.Calibration;

public sealed class TemperatureObjectiveTests
{
    [Theory]
    [InlineData(2, 1, 1.0)]
    [InlineData(3, 15, 0.3)]
    [InlineData(10, 33, 2.5)]
    [InlineData(1000, 20, 0.7)]
    public void Evaluate_AnyShape_AgreesWithPlainLossAndFiniteDifferences(int classCount, int rowCount, double inverseTemperature)
    {
        var rows = MadeUpRows.Draw(rowCount, classCount, 1.5);
        double Loss(double b) => rows.Loss(1 / b);
        var value = new TemperatureObjective(rows.Collect(), RowWeights.All(null)).Evaluate(inverseTemperature);

        const double H = 1e-4;
        var b = inverseTemperature;
        Assert.Equal(Loss(b), value.Value, 2e-6 * Math.Max(1, Loss(b)));
        Assert.Equal((Loss(b + H) - Loss(b - H)) / (2 * H), value.Slope, 1e-5);
        Assert.Equal((Loss(b + H) - 2 * Loss(b) + Loss(b - H)) / (H * H), value.Curvature, 2e-5);
    }

    [Fact]
    public void Evaluate_Fold_CountsOnlyItsRowsAndTheFoldsShareThemAll()
    {
        var rows = MadeUpRows.Draw(1003, 4, 1).Collect();
        var all = RowWeights.All(null);
        double inside = 0, weighted = 0;
        for (var fold = 0; fold < 5; fold++)
        {
            var weight = all.Inside(fold, 5).Total(rows.Chunks);
            Assert.Equal(1003, weight + all.Outside(fold, 5).Total(rows.Chunks));
            Assert.InRange(weight, 120, 280);
            inside += weight;
            weighted += weight * new TemperatureObjective(rows, all.Inside(fold, 5)).Evaluate(1).Value;
        }
        Assert.Equal(1003, inside);
        Assert.Equal(new TemperatureObjective(rows, all).Evaluate(1).Value, weighted / 1003, 1e-9);
    }
}
