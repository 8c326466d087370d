using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>The point reached so far and the step to a lower one.</summary>
internal sealed class LineSearch
{
    private const int Trials = 40;
    private const double SufficientDecrease = 1e-4;
    private const double CurvatureCondition = 0.9;
    private readonly ConvexObjective _objective;
    private double[] _trialPoint;
    private double[] _trialGradient;

    public LineSearch(ConvexObjective objective, double[] start)
    {
        _objective = objective;
        Point = start;
        Gradient = new double[start.Length];
        Moved = new double[start.Length];
        GradientChange = new double[start.Length];
        _trialPoint = new double[start.Length];
        _trialGradient = new double[start.Length];
        Value = Evaluate(Point, Gradient);
    }

    public double[] Point { get; private set; }

    public double[] Gradient { get; private set; }

    public double Value { get; private set; }

    public int Evaluations { get; private set; }

    public double[] Moved { get; }

    public double[] GradientChange { get; }

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
            {
                high = length;
            }
            else if (TensorPrimitives.Dot(direction, _trialGradient) < CurvatureCondition * slope)
            {
                low = length;
            }
            else
            {
                Accept(value);
                return true;
            }
            length = double.IsInfinity(high) ? 2 * length : (low + high) / 2;
        }
        // Out of trials: on the way down without end, or between two points that double precision cannot tell apart.
        if (!(value < Value))
            return false;
        Accept(value);
        return true;
    }

    private void Accept(double value)
    {
        TensorPrimitives.Subtract(_trialPoint, Point, Moved);
        TensorPrimitives.Subtract(_trialGradient, Gradient, GradientChange);
        (Point, _trialPoint) = (_trialPoint, Point);
        (Gradient, _trialGradient) = (_trialGradient, Gradient);
        Value = value;
    }

    private double Evaluate(double[] point, double[] gradient)
    {
        Evaluations++;
        return _objective(point, gradient);
    }
}
