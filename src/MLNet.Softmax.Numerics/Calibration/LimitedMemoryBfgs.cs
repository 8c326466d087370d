using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Where a minimisation ended.</summary>
internal readonly record struct Minimum(double[] Point, double Value, int Evaluations, bool Converged);

/// <summary>
/// L-BFGS (J. Nocedal, S. Wright, "Numerical Optimization", 2006, algorithms 7.4 and 7.5) with a bisecting line search for the
/// weak Wolfe conditions, in double precision.
/// </summary>
internal static class LimitedMemoryBfgs
{
    /// <summary>Minimises a convex function.</summary>
    /// <param name="objective">The function.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="gradientTolerance">The search ends when no component of the gradient is larger.</param>
    /// <param name="maximumIterations">The most steps.</param>
    public static Minimum Minimise(ConvexObjective objective, ReadOnlySpan<double> start, double gradientTolerance, int maximumIterations)
    {
        var memory = new CurvaturePairs();
        var search = new LineSearch(objective, start.ToArray());
        var direction = new double[start.Length];
        search.Begin();
        for (var iteration = 0; ; iteration++)
        {
            var largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(search.Gradient));
            if (largest <= gradientTolerance || iteration == maximumIterations)
                return End(largest <= gradientTolerance);

            memory.Direction(search.Gradient, direction);
            if (search.Step(direction, firstStep: memory.Count == 0))
                memory.Remember(search.Moved, search.GradientChange);
            else if (memory.Count > 0)
                memory.Forget();
            else // Along the gradient itself nothing lower exists in double precision.
                return End(largest <= Math.Sqrt(gradientTolerance) * Math.Max(1, Math.Abs(search.Value)));
        }

        Minimum End(bool converged) => new(search.Point, search.Value, search.Evaluations, converged);
    }
}

/// <summary>A smooth convex function: its value at a point, with its gradient written beside it.</summary>
/// <param name="point">Where.</param>
/// <param name="gradient">As long as the point; overwritten.</param>
internal delegate double ConvexObjective(ReadOnlySpan<double> point, Span<double> gradient);

/// <summary>The most recent steps and gradient changes: an implicit estimate of the inverse Hessian.</summary>
internal sealed class CurvaturePairs
{
    private const int History = 12;
    private readonly List<(double[] Step, double[] Change, double Inverse)> _pairs = [];

    public int Count => _pairs.Count;

    public void Forget() => _pairs.Clear();

    public void Remember(double[] step, double[] change)
    {
        var product = TensorPrimitives.Dot<double>(step, change);
        if (!(product > 1e-300))
            return;
        if (_pairs.Count == History)
            _pairs.RemoveAt(0);
        _pairs.Add(([.. step], [.. change], 1 / product));
    }

    public void Direction(ReadOnlySpan<double> gradient, Span<double> direction)
    {
        TensorPrimitives.Negate(gradient, direction);
        if (_pairs.Count == 0)
            return;
        Span<double> alphas = stackalloc double[History];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            var (step, change, inverse) = _pairs[i];
            alphas[i] = inverse * TensorPrimitives.Dot<double>(step, direction);
            TensorPrimitives.MultiplyAdd(change, -alphas[i], direction, direction);
        }
        var last = _pairs[^1];
        TensorPrimitives.Multiply(direction, 1 / (last.Inverse * TensorPrimitives.Dot<double>(last.Change, last.Change)), direction);
        for (var i = 0; i < _pairs.Count; i++)
        {
            var (step, change, inverse) = _pairs[i];
            var beta = inverse * TensorPrimitives.Dot<double>(change, direction);
            TensorPrimitives.MultiplyAdd(step, alphas[i] - beta, direction, direction);
        }
    }
}

/// <summary>The current point, and the search for the next, lower one.</summary>
internal sealed class LineSearch(ConvexObjective objective, double[] start)
{
    private const int Trials = 40;
    private const double SufficientDecrease = 1e-4;
    private const double CurvatureCondition = 0.9;
    private double[] _trialPoint = new double[start.Length];
    private double[] _trialGradient = new double[start.Length];

    public double[] Point { get; private set; } = start;

    public double[] Gradient { get; private set; } = new double[start.Length];

    public double Value { get; private set; }

    public int Evaluations { get; private set; }

    public double[] Moved { get; } = new double[start.Length];

    public double[] GradientChange { get; } = new double[start.Length];

    /// <summary>Evaluates the starting point.</summary>
    public void Begin() => Value = Evaluate(Point, Gradient);

    /// <summary>Moves along the direction; false when no lower point was found.</summary>
    public bool Step(ReadOnlySpan<double> direction, bool firstStep)
    {
        var slope = TensorPrimitives.Dot(direction, Gradient);
        if (!(slope < 0))
            return false;
        double low = 0, high = double.PositiveInfinity;
        var length = firstStep ? Math.Min(1, 1 / TensorPrimitives.Norm<double>(Gradient)) : 1;
        var value = double.NaN;
        for (var trial = 0; trial < Trials; trial++)
        {
            TensorPrimitives.MultiplyAdd(direction, length, Point, _trialPoint);
            value = Evaluate(_trialPoint, _trialGradient);
            if (!(value <= Value + SufficientDecrease * length * slope))
                high = length;
            else if (TensorPrimitives.Dot(direction, _trialGradient) < CurvatureCondition * slope)
                low = length;
            else
                return Accept(value);
            length = double.IsInfinity(high) ? 2 * length : (low + high) / 2;
        }
        // No trial was accepted: the function falls without end, or double precision cannot tell two points apart.
        return value < Value && Accept(value);
    }

    private bool Accept(double value)
    {
        TensorPrimitives.Subtract(_trialPoint, Point, Moved);
        TensorPrimitives.Subtract(_trialGradient, Gradient, GradientChange);
        (Point, _trialPoint) = (_trialPoint, Point);
        (Gradient, _trialGradient) = (_trialGradient, Gradient);
        Value = value;
        return true;
    }

    private double Evaluate(double[] point, double[] gradient)
    {
        Evaluations++;
        return objective(point, gradient);
    }
}
