namespace MLNet.Softmax.Numerics.Tests.Calibration;

public sealed class LimitedMemoryBfgsTests
{
    [Fact]
    public void Minimise_BadlyScaledQuadratic_FindsItsMinimum()
    {
        double[] scale = [1e-3, 1, 10, 1e3, 0.5];
        double Quadratic(ReadOnlySpan<double> x, Span<double> gradient)
        {
            var value = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                value += scale[i] * (x[i] - i) * (x[i] - i);
                gradient[i] = 2 * scale[i] * (x[i] - i);
            }
            return value;
        }
        var minimum = LimitedMemoryBfgs.Minimise(Quadratic, [9, -9, 9, -9, 9], 1e-9, 200);

        Assert.True(minimum.Converged);
        for (var i = 0; i < 5; i++)
            Assert.Equal(i, minimum.Point[i], 1e-5);
        Assert.InRange(minimum.Evaluations, 6, 120);
    }

    [Fact]
    public void Minimise_SmoothConvexFunction_AgreesWithBisection()
    {
        // f(x, y) = e^x + e^-2x + (y - x)^2: x where e^x = 2 e^-2x, that is ln(2) / 3.
        static double F(ReadOnlySpan<double> p, Span<double> gradient)
        {
            var (x, y) = (p[0], p[1]);
            gradient[0] = Math.Exp(x) - 2 * Math.Exp(-2 * x) - 2 * (y - x);
            gradient[1] = 2 * (y - x);
            return Math.Exp(x) + Math.Exp(-2 * x) + (y - x) * (y - x);
        }
        var minimum = LimitedMemoryBfgs.Minimise(F, [8, -30], 1e-10, 200);
        Assert.True(minimum.Converged);
        Assert.Equal(Math.Log(2) / 3, minimum.Point[0], 1e-9);
        Assert.Equal(Math.Log(2) / 3, minimum.Point[1], 1e-9);
    }

    [Fact]
    public void Minimise_FunctionWithoutMinimum_DoesNotClaimConvergence()
    {
        static double Falling(ReadOnlySpan<double> x, Span<double> gradient)
        {
            gradient[0] = -1;
            return -x[0];
        }
        var minimum = LimitedMemoryBfgs.Minimise(Falling, [0], 1e-6, 50);
        Assert.False(minimum.Converged);
        Assert.True(minimum.Value < -1);
    }

    [Fact]
    public void LineSearch_OutOfTrials_TakesALowerPointAndNoOther()
    {
        var falling = new LineSearch(
            (x, gradient) =>
            {
                gradient[0] = -1;
                return -x[0];
            }, [0]);
        falling.Begin();
        Assert.True(falling.Step([1], firstStep: true));
        Assert.Equal((Math.Pow(2, 39), -Math.Pow(2, 39), 41), (falling.Point[0], falling.Value, falling.Evaluations));

        var flat = new LineSearch(
            (_, gradient) =>
            {
                gradient[0] = -1;
                return 7;
            }, [3]);
        flat.Begin();
        Assert.False(flat.Step([1], firstStep: true));
        Assert.Equal((3, 7, 41), (flat.Point[0], flat.Value, flat.Evaluations));
    }

    [Fact]
    public void LineSearch_DirectionThatDoesNotFall_IsNotTaken()
    {
        var search = new LineSearch(
            (x, gradient) =>
            {
                gradient[0] = 2 * x[0];
                return x[0] * x[0];
            }, [1]);
        search.Begin();
        Assert.False(search.Step([1], firstStep: true));
        Assert.False(search.Step([0], firstStep: true));
        Assert.Equal(1, search.Evaluations);
    }

    [Fact]
    public void Minimise_StepsRunOut_ReturnsTheLowestPointSoFar()
    {
        static double Valley(ReadOnlySpan<double> x, Span<double> gradient)
        {
            gradient[0] = 2 * (x[0] - 3);
            gradient[1] = 2e4 * x[1];
            return (x[0] - 3) * (x[0] - 3) + 1e4 * x[1] * x[1];
        }
        var start = Valley([100, 1], new double[2]);
        var minimum = LimitedMemoryBfgs.Minimise(Valley, [100, 1], 1e-12, 2);
        Assert.False(minimum.Converged);
        Assert.True(minimum.Value < start);
        Assert.Equal(Valley(minimum.Point, new double[2]), minimum.Value);
    }

    [Fact]
    public void Minimise_StartAtTheMinimum_TakesOneEvaluation()
    {
        static double Square(ReadOnlySpan<double> x, Span<double> gradient)
        {
            gradient[0] = 2 * x[0];
            return x[0] * x[0];
        }
        var minimum = LimitedMemoryBfgs.Minimise(Square, [0], 1e-9, 10);
        Assert.Equal((1, true), (minimum.Evaluations, minimum.Converged));
    }
}
