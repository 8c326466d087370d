namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// The search itself. The loss is convex in b = 1/T, so the sign of its slope brackets the minimum; Newton steps are taken in
/// t = ln b, where equal steps are equal ratios. A step beyond a bound that was not yet tried goes to the bound, one beyond the
/// bracket to its middle.
/// </summary>
internal readonly record struct TemperatureSearch(
    double Temperature, double LossAtOne, double Loss, int Evaluations, FitOutcome Outcome)
{
    /// <summary>A Newton step this small ends the search: the error that it leaves is of the order of its square.</summary>
    private const double StepTolerance = 3e-4;

    /// <summary>From far off the quadratic model says little: no step beyond a factor of e^3.</summary>
    private const double LongestStep = 3;

    public static TemperatureSearch Run(CalibrationRows rows, RowWeights weights, TemperatureFitOptions options)
    {
        var start = 0.0;
        if (weights.Sample(rows) is { } sample)
        {
            var near = Run(new TemperatureObjective(rows, sample), options, 0);
            start = near.Outcome == FitOutcome.Converged ? -Math.Log(near.Temperature) : 0;
        }
        return Run(new TemperatureObjective(rows, weights), options, start);
    }

    private static TemperatureSearch Run(TemperatureObjective objective, TemperatureFitOptions options, double start)
    {
        var lowest = -Math.Log(options.MaximumTemperature);
        var highest = -Math.Log(options.MinimumTemperature);
        double low = double.NegativeInfinity, high = double.PositiveInfinity;

        var atOne = objective.Evaluate(1);
        var evaluations = 1;
        var t = Math.Clamp(start, lowest, highest);
        var current = t == 0 ? atOne : Evaluate(t);
        while (true)
        {
            if (current.Slope == 0)
                return End(FitOutcome.Converged);
            if (current.Slope > 0)
                high = t;
            else
                low = t;
            if (high == lowest)
                return End(FitOutcome.AtHighestTemperature);
            if (low == highest)
                return End(FitOutcome.AtLowestTemperature);
            if (evaluations >= options.MaximumIterations)
                return End(FitOutcome.IterationsExhausted);

            // Newton on slope(e^t) = 0, whose derivative in t is e^t * curvature.
            var step = -current.Slope / (Math.Exp(t) * current.Curvature);
            var newton = Math.Clamp(t + Math.Clamp(step, -LongestStep, LongestStep), lowest, highest);
            var usable = newton > low && newton < high;
            t = usable ? newton : (Math.Max(low, lowest) + Math.Min(high, highest)) / 2;
            current = Evaluate(t);
            if ((usable && Math.Abs(step) < StepTolerance) || high - low < StepTolerance * StepTolerance)
                return End(FitOutcome.Converged);
        }

        TemperatureLoss Evaluate(double at)
        {
            evaluations++;
            return objective.Evaluate(Math.Exp(at));
        }

        TemperatureSearch End(FitOutcome outcome) => new(Math.Exp(-t), atOne.Value, current.Value, evaluations, outcome);
    }
}
