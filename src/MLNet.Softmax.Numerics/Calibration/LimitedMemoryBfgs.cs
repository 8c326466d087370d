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
    /// <param name="gradientTolerance">Done when no component of the gradient is larger.</param>
    /// <param name="maximumIterations">The most steps.</param>
    public static Minimum Minimise(ConvexObjective objective, ReadOnlySpan<double> start, double gradientTolerance, int maximumIterations)
    {
        var memory = new CurvaturePairs();
        var search = new LineSearch(objective, start.ToArray());
        var direction = new double[start.Length];
        for (var iteration = 0; ; iteration++)
        {
            var largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(search.Gradient));
            if (largest <= gradientTolerance)
                return new Minimum(search.Point, search.Value, search.Evaluations, true);
            if (iteration == maximumIterations)
                return new Minimum(search.Point, search.Value, search.Evaluations, false);

            memory.Direction(search.Gradient, direction);
            if (search.Step(direction, firstStep: memory.Count == 0))
            {
                memory.Remember(search.Moved, search.GradientChange);
            }
            else if (memory.Count > 0)
            {
                memory.Forget();
            }
            else
            {
                // Along the gradient itself nothing lower exists in double precision.
                var flat = largest <= Math.Sqrt(gradientTolerance) * Math.Max(1, Math.Abs(search.Value));
                return new Minimum(search.Point, search.Value, search.Evaluations, flat);
            }
        }
    }
}
