namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Builds the objective over some of the rows.</summary>
internal delegate ScalingObjective ScalingObjectiveFactory(RowWeights weights, ScalingPenalty penalty);

/// <summary>
/// The fit of vector scaling, matrix scaling and Dirichlet calibration: L-BFGS that starts from the best temperature.
/// </summary>
internal static class ScalingSearch
{
    /// <summary>
    /// A fit of p parameters on n rows overfits by about p / 2n in mean loss. With this many rows per parameter, that is too little to
    /// justify the further fits of a cross-validation.
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
        var isSeparable = !objective.HoldsWeights && objective.EveryLabelOnTop(minimum.Point);
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
            isSeparable ? FitOutcome.Separable : minimum.Converged ? FitOutcome.Converged : FitOutcome.IterationsExhausted,
            crossValidated ? CrossValidate(rows, options, create, penalty, weights, scaling) : null,
            rows.ReplaceMasks(),
            temperature.LargestRowShare);
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

/// <summary>
/// A change to the parameters of standardised logits, <c>u = V (z - mean) / deviation + c</c>. If logits are far from 0, weights and
/// intercepts are strongly correlated and the search is slow; in these parameters they are almost independent.
/// </summary>
/// <param name="means">Of each class's logit.</param>
/// <param name="deviations">Of each class's logit, above 0.</param>
/// <param name="full">True if each class's score has a weight for every logit, row after row; false if it only has one for its own.</param>
internal sealed class ParameterScaling(double[] means, double[] deviations, bool full)
{
    private int ClassCount => means.Length;

    private int WeightCount => full ? ClassCount * ClassCount : ClassCount;

    /// <summary>From the parameters of standardised logits to those of the logits.</summary>
    public void ToLogits(ReadOnlySpan<double> standardised, Span<double> parameters)
    {
        standardised.CopyTo(parameters);
        for (var i = 0; i < WeightCount; i++)
        {
            var (row, column) = Place(i);
            parameters[i] /= deviations[column];
            parameters[WeightCount + row] -= parameters[i] * means[column];
        }
    }

    /// <summary>The inverse of <see cref="ToLogits"/>.</summary>
    public double[] FromLogits(ReadOnlySpan<double> parameters)
    {
        var standardised = parameters.ToArray();
        for (var i = 0; i < WeightCount; i++)
        {
            var (row, column) = Place(i);
            standardised[WeightCount + row] += parameters[i] * means[column];
            standardised[i] *= deviations[column];
        }
        return standardised;
    }

    /// <summary>Turns the gradient in the logits' parameters into the one in those of standardised logits.</summary>
    public void Gradient(Span<double> gradient)
    {
        for (var i = 0; i < WeightCount; i++)
        {
            var (row, column) = Place(i);
            gradient[i] = (gradient[i] - gradient[WeightCount + row] * means[column]) / deviations[column];
        }
    }

    private (int Row, int Column) Place(int weight) => full ? (weight / ClassCount, weight % ClassCount) : (weight, weight);
}

/// <summary>A quadratic penalty on the parameters, weights first: each strength multiplies a mean square.</summary>
/// <param name="Diagonal">The strength that draws each class's own weight towards <paramref name="Centre"/>.</param>
/// <param name="OffDiagonal">The strength that draws the other weights of a matrix towards 0.</param>
/// <param name="Intercept">The strength that draws the intercepts towards 0.</param>
/// <param name="Centre">The inverse of the fitted temperature.</param>
internal readonly record struct ScalingPenalty(double Diagonal, double OffDiagonal, double Intercept, double Centre)
{
    /// <summary>Returns the penalty and adds its gradient.</summary>
    public double Add(ReadOnlySpan<double> parameters, Span<double> gradient, int classCount, bool full)
    {
        var weightCount = full ? classCount * classCount : classCount;
        var diagonalStep = full ? classCount + 1 : 1;
        var (diagonal, offDiagonal, intercept) = (
            Diagonal / classCount, OffDiagonal / (classCount * (classCount - 1.0)), Intercept / classCount);
        var penalty = 0.0;
        for (var i = 0; i < parameters.Length; i++)
        {
            var (strength, offset) = i >= weightCount ? (intercept, parameters[i])
                : i % diagonalStep == 0 ? (diagonal, parameters[i] - Centre)
                : (offDiagonal, parameters[i]);
            gradient[i] += 2 * strength * offset;
            penalty += strength * offset * offset;
        }
        return penalty;
    }
}
