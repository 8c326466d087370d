namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Builds the objective over some of the rows.</summary>
internal delegate ScalingObjective ScalingObjectiveFactory(RowWeights weights, ScalingPenalty penalty);

/// <summary>
/// The fit that vector scaling, matrix scaling and Dirichlet calibration share: a temperature first, then L-BFGS from there.
/// </summary>
internal static class ScalingSearch
{
    /// <summary>
    /// With n rows a fit of p parameters loses about p / 2n to its rows on others: with this many for each parameter, too little to
    /// be worth the further fits that would tell.
    /// </summary>
    internal const long PlentifulRows = 200;

    private static readonly TemperatureScalingOptions DefaultTemperature = new();

    /// <param name="rows">The rows.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="defaultStrength">The strength on the diagonal and the intercepts if the options give none.</param>
    /// <param name="create">Builds the objective.</param>
    public static ScalingFit Run(CalibrationRows rows, ScalingOptions? options, double defaultStrength, ScalingObjectiveFactory create)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new ScalingOptions();
        options.Validate();
        var penalty = new ScalingPenalty(
            options.DiagonalRegularization ?? defaultStrength,
            options.OffDiagonalRegularization,
            options.InterceptRegularization ?? defaultStrength,
            Centre: 0);
        FitGuards.RequireRows(rows, options.MinimumRows);
        var weights = FitGuards.Weights(options.ClassWeights, rows);
        FitGuards.RequireInformativeScores(rows);
        if (penalty.Intercept == 0)
            FitGuards.RequireEveryClass(rows);

        var temperature = TemperatureSearch.Run(rows, weights, DefaultTemperature);
        penalty = penalty with { Centre = 1 / temperature.Temperature };
        var objective = create(weights, penalty);
        var scaling = create(weights.Sample(rows) ?? weights, penalty).Scaling();
        var minimum = Minimise(objective, scaling, temperature, options);
        var crossValidated = options.CrossValidationFolds > 0 && rows.Count < PlentifulRows * objective.ParameterCount;
        return new ScalingFit(
            [.. minimum.Point.AsSpan(..^rows.ClassCount)],
            [.. minimum.Point.AsSpan(^rows.ClassCount..)],
            temperature.Temperature,
            temperature.LossBefore,
            minimum.Value - objective.Penalty(minimum.Point),
            rows.Count,
            rows.LeftOut,
            temperature.Iterations + minimum.Evaluations,
            Outcome(),
            crossValidated ? CrossValidate(rows, options, create, penalty, weights, scaling) : null);

        FitOutcome Outcome()
        {
            if (!objective.HoldsWeights && objective.EveryLabelOnTop(minimum.Point))
                return FitOutcome.Separable;
            return minimum.Converged ? FitOutcome.Converged : FitOutcome.IterationsExhausted;
        }
    }

    private static Minimum Minimise(
        ScalingObjective objective, ParameterScaling scaling, TemperatureFit temperature, ScalingOptions options)
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
        CalibrationRows rows,
        ScalingOptions options,
        ScalingObjectiveFactory create,
        ScalingPenalty penalty,
        RowWeights all,
        ParameterScaling scaling)
    {
        double ofCalibrator = 0, ofTemperature = 0, total = 0;
        for (var fold = 0; fold < options.CrossValidationFolds; fold++)
        {
            var (fitting, judging) = (all.Outside(fold, options.CrossValidationFolds), all.Inside(fold, options.CrossValidationFolds));
            var weight = judging.Total(rows.Chunks);
            if (weight == 0 || fitting.Total(rows.Chunks) == 0)
                continue;
            var temperature = TemperatureSearch.Run(rows, fitting, DefaultTemperature);
            var objective = create(fitting, penalty with { Centre = 1 / temperature.Temperature });
            var minimum = Minimise(objective, scaling, temperature, options);
            total += weight;
            ofCalibrator += weight * create(judging, penalty).Loss(minimum.Point);
            ofTemperature += weight * new TemperatureObjective(rows, judging).Evaluate(1 / temperature.Temperature).Value;
        }
        return new CrossValidatedLoss(options.CrossValidationFolds, ofCalibrator / total, ofTemperature / total);
    }
}
