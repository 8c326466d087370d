namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Builds the objective over some of the rows, its penalty centred on an inverse temperature.</summary>
internal delegate ScalingObjective ScalingObjectiveFactory(RowWeights weights, double inverseTemperature);

/// <summary>The fit that vector scaling, matrix scaling and Dirichlet calibration share: a temperature first, then L-BFGS from there.</summary>
internal static class ScalingSearch
{
    /// <summary>
    /// With n rows a fit of p parameters loses about p / 2n to its rows on others: with this many for each parameter, too little to
    /// be worth the further fits that would tell.
    /// </summary>
    internal const long PlentifulRows = 200;

    private static readonly TemperatureFitOptions DefaultTemperature = new();

    public static (double[] Parameters, ScalingFit Fit) Run(
        CalibrationRows rows, ScalingFitOptions options, ScalingObjectiveFactory create, bool weightsHeld, bool interceptsHeld)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options.Validate();
        FitGuards.RequireRows(rows, options.MinimumRows);
        var weights = RowWeights.All(FitGuards.ClassWeights(options.ClassWeights, rows));
        FitGuards.RequireInformativeScores(rows);
        if (!interceptsHeld)
            FitGuards.RequireEveryClass(rows);

        var temperature = TemperatureSearch.Run(rows, weights, DefaultTemperature);
        var objective = create(weights, 1 / temperature.Temperature);
        var scaling = create(weights.Sample(rows) ?? weights, 1 / temperature.Temperature).Scaling();
        var minimum = Minimise(objective, scaling, temperature, options);
        var loss = minimum.Value - objective.Penalty(minimum.Point);
        var fit = new ScalingFit(
            temperature.Temperature,
            temperature.LossAtOne,
            loss,
            rows.Count,
            rows.LeftOut,
            temperature.Evaluations + minimum.Evaluations,
            Outcome(),
            options.CrossValidationFolds == 0 || rows.Count >= PlentifulRows * objective.ParameterCount ? null : CrossValidate(rows, options, create, weights, scaling));
        return (minimum.Point, fit);

        FitOutcome Outcome()
        {
            if (!weightsHeld && objective.EveryLabelOnTop(minimum.Point))
                return FitOutcome.Separable;
            return minimum.Converged ? FitOutcome.Converged : FitOutcome.IterationsExhausted;
        }
    }

    private static Minimum Minimise(
        ScalingObjective objective, ParameterScaling scaling, TemperatureSearch temperature, ScalingFitOptions options)
    {
        var parameters = new double[objective.ParameterCount];
        var minimum = LimitedMemoryBfgs.Minimise(
            Evaluate,
            scaling.FromLogits(objective.FromInverseTemperature(1 / temperature.Temperature)),
            options.GradientTolerance,
            options.MaximumIterations);
        scaling.ToLogits(minimum.Point, parameters);
        return minimum with { Point = parameters };

        double Evaluate(ReadOnlySpan<double> standardised, Span<double> gradient)
        {
            scaling.ToLogits(standardised, parameters);
            var value = objective.Evaluate(parameters, gradient);
            scaling.Gradient(gradient);
            return value;
        }
    }

    private static CrossValidatedLoss CrossValidate(
        CalibrationRows rows, ScalingFitOptions options, ScalingObjectiveFactory create, RowWeights all, ParameterScaling scaling)
    {
        double ofCalibrator = 0, ofTemperature = 0, total = 0;
        for (var fold = 0; fold < options.CrossValidationFolds; fold++)
        {
            var (fitting, judging) = (all.Outside(fold, options.CrossValidationFolds), all.Inside(fold, options.CrossValidationFolds));
            var weight = judging.Total(rows.Chunks);
            if (weight == 0 || fitting.Total(rows.Chunks) == 0)
                continue;
            var temperature = TemperatureSearch.Run(rows, fitting, DefaultTemperature);
            var objective = create(fitting, 1 / temperature.Temperature);
            var minimum = Minimise(objective, scaling, temperature, options);
            total += weight;
            ofCalibrator += weight * objective.Over(judging).Evaluate(minimum.Point, new double[minimum.Point.Length]);
            ofTemperature += weight * new TemperatureObjective(rows, judging).Evaluate(1 / temperature.Temperature).Value;
        }
        return new CrossValidatedLoss(options.CrossValidationFolds, ofCalibrator / total, ofTemperature / total);
    }
}
