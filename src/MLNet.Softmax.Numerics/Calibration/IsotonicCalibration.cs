using System.Collections.Immutable;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// Fits a monotone curve for each class against the rest, then renormalises every row: B. Zadrozny, C. Elkan, "Transforming classifier
/// scores into accurate multiclass probability estimates", 2002, as scikit-learn's CalibratedClassifierCV does. Use it with at least about
/// 1,000 rows, if the scores rank well but no temperature calibrates them. It can change which class is the most probable.
/// </summary>
public static class IsotonicCalibration
{
    /// <summary>Fits one curve per class with the pool-adjacent-violators algorithm.</summary>
    /// <param name="rows">Rows that the model was not trained on. Softmax converts logits to probabilities.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">Too few rows, or rows of one class only.</exception>
    /// <exception cref="ArgumentException">The class weights do not match the classes.</exception>
    public static IsotonicFit Fit(CalibrationRows rows, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new FitOptions();
        FitGuards.RequireRows(rows, options.MinimumRows);

        var curves = new IsotonicCurve[rows.ClassCount];
        var columns = new IsotonicColumns(rows, FitGuards.Weights(options.ClassWeights, rows));
        for (var k = 0; k < curves.Length; k++)
            curves[k] = columns.FitClass(k);
        var loss = columns.Loss();
        return new IsotonicFit([.. curves], loss.Before, loss.After, rows.Count, rows.LeftOut);
    }

    /// <summary>Passes each probability through its class's curve and renormalises.</summary>
    /// <param name="probabilities">One value per class.</param>
    /// <param name="curves">One curve per class.</param>
    /// <param name="calibrated">
    /// At least as long; may be the same memory. If every curve gives 0, all classes get the same probability; if a probability is NaN, all
    /// are NaN.
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public static void Apply(ReadOnlySpan<float> probabilities, ReadOnlySpan<IsotonicCurve> curves, Span<float> calibrated)
    {
        if (curves.Length != probabilities.Length)
            throw new ArgumentException($"There are {curves.Length} curves, but {probabilities.Length} probabilities.", nameof(curves));
        if (calibrated.Length < probabilities.Length)
        {
            throw new ArgumentException(
                $"{probabilities.Length} probabilities do not fit into {calibrated.Length} places.", nameof(calibrated));
        }
        var sum = 0.0;
        for (var k = 0; k < probabilities.Length; k++)
        {
            var value = curves[k].Evaluate(probabilities[k]);
            calibrated[k] = (float)value;
            sum += value;
        }
        for (var k = 0; k < probabilities.Length; k++)
            calibrated[k] = sum == 0 ? 1f / probabilities.Length : (float)(calibrated[k] / sum);
    }
}

/// <summary>
/// A non-decreasing, piecewise linear function from [0, 1] to [0, 1]: constant below its first and above its last knot.
/// </summary>
public sealed class IsotonicCurve
{
    /// <summary>Creates a curve from its knots.</summary>
    /// <param name="inputs">Where the knots are: at least one, ascending, finite.</param>
    /// <param name="outputs">The values at the knots: as many, never decreasing, from 0 to 1.</param>
    /// <exception cref="ArgumentException">
    /// There are no knots, the numbers of inputs and outputs differ, or a value is out of order or range.
    /// </exception>
    public IsotonicCurve(ImmutableArray<float> inputs, ImmutableArray<float> outputs)
    {
        if (inputs.IsDefaultOrEmpty || outputs.IsDefault || inputs.Length != outputs.Length)
            throw new ArgumentException("An isotonic curve needs at least one knot and as many outputs as inputs.", nameof(inputs));
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!float.IsFinite(inputs[i]) || (i > 0 && !(inputs[i] > inputs[i - 1])))
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture, $"Knot {i} lies at {inputs[i]}; expected finite, ascending inputs."), nameof(inputs));
            if (!(outputs[i] >= 0 && outputs[i] <= 1) || (i > 0 && outputs[i] < outputs[i - 1]))
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Knot {i} has the value {outputs[i]}; expected values from 0 to 1 that never fall."), nameof(outputs));
        }
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>Where the knots are, ascending.</summary>
    public ImmutableArray<float> Inputs { get; }

    /// <summary>The values at the knots, never decreasing.</summary>
    public ImmutableArray<float> Outputs { get; }

    /// <summary>Interpolates the curve at an input; NaN for NaN.</summary>
    /// <param name="input">Usually a probability.</param>
    public double Evaluate(double input)
    {
        if (double.IsNaN(input))
            return double.NaN;
        if (input <= Inputs[0])
            return Outputs[0];
        if (input >= Inputs[^1])
            return Outputs[^1];
        int low = 0, high = Inputs.Length - 1;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Inputs[middle] <= input)
                low = middle;
            else
                high = middle;
        }
        var share = (input - Inputs[low]) / ((double)Inputs[high] - Inputs[low]);
        return Outputs[low] + share * ((double)Outputs[high] - Outputs[low]);
    }
}
