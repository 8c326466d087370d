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

    public static TemperatureSearch Run(TemperatureObjective objective, TemperatureFitOptions options)
    {
        var atOne = objective.Evaluate(1);
        if (!objective.HasSample)
            return Run(objective, options, stride: 1, atOne, 0);

        // Many rows: a sample of them finds the neighbourhood, and all of them are read a few times only.
        var stride = TemperatureObjective.SampleStride;
        var sample = Run(objective, options, stride, objective.Evaluate(1, stride), 0);
        var start = sample.Outcome == FitOutcome.Converged ? -Math.Log(sample.Temperature) : 0;
        return Run(objective, options, stride: 1, atOne, start);
    }

    private static TemperatureSearch Run(
        TemperatureObjective objective, TemperatureFitOptions options, int stride, TemperatureLoss atOne, double start)
    {
        var lowest = -Math.Log(options.MaximumTemperature);
        var highest = -Math.Log(options.MinimumTemperature);
        double low = double.NegativeInfinity, high = double.PositiveInfinity;

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
            return objective.Evaluate(Math.Exp(at), stride);
        }

        TemperatureSearch End(FitOutcome outcome) => new(Math.Exp(-t), atOne.Value, current.Value, evaluations, outcome);
    }
}
