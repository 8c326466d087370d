namespace MLNet.Softmax.Numerics.Tests.Calibration;

public sealed class ObjectiveTests
{
    private static readonly double[] Weights = [1, 2, 0.5, 3];
    private static readonly ScalingPenalty Vector = new(Diagonal: 0.3, OffDiagonal: 3, Intercept: 0.7, Centre: 0.6);
    private static readonly ScalingPenalty Matrix = new(Diagonal: 0.2, OffDiagonal: 0.5, Intercept: 0.9, Centre: 0.6);

    [Theory]
    [InlineData("vector", 5)]
    [InlineData("vector", 37)]
    [InlineData("matrix", 37)]
    [InlineData("dirichlet", 37)]
    public void Scaling_AnyParameters_AgreesWithThePlainObjectiveAndFiniteDifferences(string kind, int rowCount)
    {
        var rows = MadeUpRows.Draw(rowCount, 4, 2);
        var objective = Create(kind, rows);
        var parameters = Parameters(objective.ParameterCount);
        var (gradient, unused) = (new double[parameters.Length], new double[parameters.Length]);
        Assert.Equal(Plain(kind, rows, parameters), objective.Evaluate(parameters, gradient), kind == "dirichlet" ? 1e-6 : 1e-10);
        for (var i = 0; i < parameters.Length; i++)
        {
            const double H = 1e-5;
            var (above, below) = ((double[])parameters.Clone(), (double[])parameters.Clone());
            above[i] += H;
            below[i] -= H;
            Assert.Equal((objective.Evaluate(above, unused) - objective.Evaluate(below, unused)) / (2 * H), gradient[i], 1e-7);
        }
    }

    [Theory]
    [InlineData("vector")]
    [InlineData("matrix")]
    [InlineData("dirichlet")]
    public void Scaling_FromInverseTemperature_LossWithoutPenalty_IsThatAtTheTemperature(string kind)
    {
        var rows = MadeUpRows.Draw(50, 4, 2);
        var objective = Create(kind, rows, weighted: false);
        var parameters = objective.FromInverseTemperature(1 / 1.7);
        Assert.Equal(
            rows.Loss(1.7), objective.Loss(parameters), kind == "dirichlet" ? 1e-6 : 1e-12);
    }

    [Theory]
    [InlineData(2, 1, 1.0)]
    [InlineData(3, 15, 0.3)]
    [InlineData(10, 33, 2.5)]
    [InlineData(1000, 20, 0.7)]
    public void Temperature_AnyShape_AgreesWithPlainLossAndFiniteDifferences(int classCount, int rowCount, double inverseTemperature)
    {
        var rows = MadeUpRows.Draw(rowCount, classCount, 1.5);
        var objective = new TemperatureObjective(rows.Collect(), RowWeights.All(null));
        AssertAgrees(rows, inverseTemperature, objective.Evaluate(inverseTemperature));
        AssertAgrees(rows, inverseTemperature, objective.EvaluateOneByOne(inverseTemperature, false, out _));
    }

    private static void AssertAgrees(MadeUpRows rows, double inverseTemperature, TemperatureLoss value)
    {
        // In the share by which 1/T grows.
        const double H = 1e-2;
        var (two, one, zero, minusOne, minusTwo) = (At(2 * H), At(H), At(0), At(-H), At(-2 * H));
        Assert.Equal(zero, value.Value, 2e-6 * Math.Max(1, zero));
        AssertNear((-two + 8 * one - 8 * minusOne + minusTwo) / (12 * H), value.Slope, 1e-5);
        AssertNear((-two + 16 * one - 30 * zero + 16 * minusOne - minusTwo) / (12 * H * H), value.Curvature, 2e-5);
        AssertNear((two - 2 * one + 2 * minusOne - minusTwo) / (2 * H * H * H), value.Third, 1e-3);
        AssertNear((two - 4 * one + 6 * zero - 4 * minusOne + minusTwo) / (H * H * H * H), value.Fourth, 2e-3);

        double At(double share) => rows.Loss(1 / (inverseTemperature * (1 + share)));
        static void AssertNear(double expected, double actual, double tolerance) =>
            Assert.Equal(expected, actual, tolerance * Math.Max(1, Math.Abs(expected)));
    }

    [Fact]
    public void Temperature_AlsoAtOne_IsTheLossThere()
    {
        var objective = new TemperatureObjective(MadeUpRows.Draw(100, 5, 2).Collect(), RowWeights.All(null));
        var loss = objective.Evaluate(0.4, out var atOne);
        Assert.Equal((objective.Evaluate(1).Value, objective.Evaluate(0.4)), (atOne, loss));
        objective.Evaluate(1, out atOne);
        Assert.Equal(objective.Evaluate(1).Value, atOne);
        objective.EvaluateOneByOne(0.4, true, out atOne);
        Assert.Equal(objective.EvaluateOneByOne(1, false, out _).Value, atOne);
    }

    /// <summary>Scores of thousands would overflow if the largest of their row were not subtracted.</summary>
    [Theory]
    [InlineData(1.5)]
    [InlineData(1500)]
    public void Temperature_OneByOneWithWeightsAndFolds_IsTheSame(double scale)
    {
        var random = new Random(1);
        float[] weights = [.. Enumerable.Range(0, 1003).Select(_ => 3 * random.NextSingle())];
        var rows = MadeUpRows.Draw(1003, 4, scale).Collect(weights);
        var objective = new TemperatureObjective(rows, RowWeights.All([1, 2, 0.5f, 3]).Outside(1, 5));
        var expected = objective.Evaluate(1.05 / scale, out var expectedAtOne);
        var actual = objective.EvaluateOneByOne(1.05 / scale, true, out var atOne);
        Assert.Equal(
            [expectedAtOne, expected.Value, expected.Slope, expected.Curvature, expected.Third, expected.Fourth, expected.LargestRowShare],
            [atOne, actual.Value, actual.Slope, actual.Curvature, actual.Third, actual.Fourth, actual.LargestRowShare],
            (left, right) => Math.Abs(left - right) <= 1e-5 * Math.Max(1, Math.Abs(left)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tiles_OneByOne_AreTheSame(bool areProbabilities)
    {
        var random = new Random(1);
        float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -1e31f, -1e9f, 1e31f, 0, -0f, -1e-3f, 1e-40f, 1];
        var (vectors, oneByOne) = (new RowTileWriter(7, areProbabilities), new RowTileWriter(7, areProbabilities));
        for (var time = 0; time < 200; time++)
        {
            float[] tile = [.. Enumerable.Range(0, 7 * RowChunk.TileRows).Select(_ => random.Next(40) == 0
                ? odd[random.Next(odd.Length)] : areProbabilities ? random.NextSingle() : (10 * random.NextSingle()) - 5)];
            float[] expected = [.. tile];
            var usable = vectors.InVectors(expected) & ushort.MaxValue;
            Assert.Equal(usable, oneByOne.OneByOne(tile));
            for (var index = 0; index < tile.Length; index++)
            {
                if ((usable >> (index % RowChunk.TileRows) & 1) != 0)
                    Assert.Equal(expected[index], tile[index], 1e-5f);
            }
        }

        Assert.Equal(vectors.WidestRow, oneByOne.WidestRow);
    }

    [Fact]
    public void Temperature_Fold_CountsOnlyItsRowsAndTheFoldsShareThemAll()
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

    /// <summary>The fold of a row is a hash of its place, so that the same rows are always divided alike: computed with Python.</summary>
    [Theory]
    [InlineData(0, 5, new[] { 0, 4, 3, 3, 1, 0, 0, 4, 3, 2, 1, 0, 4, 3, 3, 1 })]
    [InlineData(1, 4, new[] { 0, 1, 3, 1, 2, 0, 2, 0, 1, 3, 1, 3, 0, 2, 0, 1 })]
    public void Folds_OfTheFirstRows_AreThoseOfTheHash(int chunkIndex, int folds, int[] expected)
    {
        var rows = MadeUpRows.Draw(16, 3, 1).Collect();
        var tile = new RowTile(rows.Chunks[0], chunkIndex, 0);
        for (var fold = 0; fold < folds; fold++)
        {
            var inside = RowWeights.All(null).Inside(fold, folds).OfTile(tile);
            var outside = RowWeights.All(null).Outside(fold, folds).OfTile(tile);
            for (var row = 0; row < 16; row++)
                Assert.Equal(expected[row] == fold ? (1f, 0f) : (0f, 1f), (inside[row], outside[row]));
        }
    }

    [Theory]
    [InlineData(1, 1, true, true)]
    [InlineData(1, 0, true, false)]
    [InlineData(0, 1, false, false)]
    [InlineData(0, 0, false, false)]
    public void HoldsWeights_OfEachPenalty_SaysWhetherAllAreBounded(double diagonal, double offDiagonal, bool ofVector, bool ofMatrix)
    {
        var rows = MadeUpRows.Draw(16, 3, 1).Collect();
        var penalty = new ScalingPenalty(diagonal, offDiagonal, 1, 0);
        Assert.Equal(ofVector, new VectorScalingObjective(rows, RowWeights.All(null), penalty).HoldsWeights);
        Assert.Equal(ofMatrix, new MatrixScalingObjective(rows, RowWeights.All(null), penalty, null).HoldsWeights);
    }

    /// <summary>A label that shares the first place is on top; a row of weight 0 does not count.</summary>
    [Fact]
    public void EveryLabelOnTop_AfterScaling_AllowsTies()
    {
        bool IsOnTop(float[] logits, int[] labels, double[] parameters) => new VectorScalingObjective(
            CalibrationRows.FromLogits(logits, labels, 2), RowWeights.All(null), default).EveryLabelOnTop(parameters);

        Assert.True(IsOnTop([1, 0, 0, 2], [0, 1], [1, 1, 0, 0]));
        Assert.True(IsOnTop([1, 1, 0, 2], [1, 1], [1, 1, 0, 0]));
        Assert.False(IsOnTop([1, 0, 0, 2], [1, 1], [1, 1, 0, 0]));
        Assert.False(IsOnTop([1, 0, 0, 2], [0, 0], [1, 1, 0, 0]));
        Assert.True(IsOnTop([1, 0, 0, 2], [0, 0], [1, 1, 2, 0]));
        Assert.False(IsOnTop([1, 0, 0, 2], [0, 1], [-1, 1, 0, 0]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ToLogits_OfFromLogits_IsTheSameAndTheGradientFollows(bool full)
    {
        var scaling = new ParameterScaling([3, -40, 0.5], [2, 7, 0.1], full);
        var random = new Random(3);
        double[] parameters = [.. Enumerable.Range(0, full ? 12 : 6).Select(_ => random.NextDouble() - 0.5)];
        var standardised = scaling.FromLogits(parameters);
        var back = new double[parameters.Length];
        scaling.ToLogits(standardised, back);
        for (var i = 0; i < back.Length; i++)
            Assert.Equal(parameters[i], back[i], 1e-12);

        double Value(double[] at)
        {
            scaling.ToLogits(at, back);
            return back.Select((x, i) => (i + 1) * x * x).Sum();
        }
        var gradient = parameters.Select((x, i) => 2 * (i + 1) * x).ToArray();
        scaling.Gradient(gradient);
        for (var i = 0; i < gradient.Length; i++)
        {
            var (above, below) = ((double[])standardised.Clone(), (double[])standardised.Clone());
            above[i] += 1e-5;
            below[i] -= 1e-5;
            Assert.Equal((Value(above) - Value(below)) / 2e-5, gradient[i], 1e-5 * Math.Max(1, Math.Abs(gradient[i])));
        }
    }

    private static ScalingObjective Create(string kind, MadeUpRows rows, bool weighted = true)
    {
        var weights = RowWeights.All(weighted ? [.. Weights.Select(w => (float)w)] : null);
        var collected = rows.Collect();
        return kind == "vector"
            ? new VectorScalingObjective(collected, weights, Vector)
            : new MatrixScalingObjective(collected, weights, Matrix, kind == "dirichlet" ? new RowNormalizers(collected) : null);
    }

    private static double[] Parameters(int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() * 2 - 0.7)];
    }

    private static double Plain(string kind, MadeUpRows rows, double[] parameters)
    {
        double loss = 0, weight = 0;
        for (var row = 0; row < rows.Labels.Length; row++)
        {
            var z = rows.Logits.Skip(row * 4).Take(4).Select(x => (double)x).ToArray();
            if (kind == "dirichlet")
                z = [.. PlainLoss.Softmax(z).Select(p => Math.Log(p))];
            var u = Enumerable.Range(0, 4).Select(k => kind == "vector"
                ? parameters[k] * z[k] + parameters[4 + k]
                : Enumerable.Range(0, 4).Sum(j => parameters[4 * k + j] * z[j]) + parameters[16 + k]).ToArray();
            loss += Weights[rows.Labels[row]] * PlainLoss.OfRow(u, rows.Labels[row]);
            weight += Weights[rows.Labels[row]];
        }
        var b = parameters[^4..].Average(x => x * x);
        if (kind == "vector")
            return loss / weight + 0.3 * parameters[..4].Average(w => (w - 0.6) * (w - 0.6)) + 0.7 * b;
        var diagonal = Enumerable.Range(0, 4).Average(k => Math.Pow(parameters[5 * k] - 0.6, 2));
        var rest = Enumerable.Range(0, 16).Where(i => i % 5 != 0).Average(i => parameters[i] * parameters[i]);
        return loss / weight + 0.2 * diagonal + 0.5 * rest + 0.9 * b;
    }
}
