using System.Collections.Immutable;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// A non-decreasing, piecewise linear function from [0, 1] to [0, 1]: constant below its first and above its last knot.
/// </summary>
public sealed class IsotonicCurve
{
    /// <summary>A curve through knots.</summary>
    /// <param name="inputs">Where the knots are: at least one, ascending, finite.</param>
    /// <param name="outputs">The values there: as many, not descending, from 0 to 1.</param>
    /// <exception cref="ArgumentException">There are no knots, the numbers of inputs and outputs differ, or they are not in
    /// order.</exception>
    public IsotonicCurve(ImmutableArray<float> inputs, ImmutableArray<float> outputs)
    {
        if (inputs.IsDefaultOrEmpty || outputs.IsDefault || inputs.Length != outputs.Length)
            throw new ArgumentException("An isotonic curve needs at least one knot and as many outputs as inputs.", nameof(inputs));
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!float.IsFinite(inputs[i]) || (i > 0 && !(inputs[i] > inputs[i - 1])))
                throw new ArgumentException($"Knot {i} lies at {inputs[i]}; expected finite, ascending inputs.", nameof(inputs));
            if (!(outputs[i] >= 0 && outputs[i] <= 1) || (i > 0 && outputs[i] < outputs[i - 1]))
                throw new ArgumentException(
                    $"Knot {i} has the value {outputs[i]}; expected values from 0 to 1 that never fall.", nameof(outputs));
        }
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>Where the knots are, ascending.</summary>
    public ImmutableArray<float> Inputs { get; }

    /// <summary>The values at the knots, not descending.</summary>
    public ImmutableArray<float> Outputs { get; }

    /// <summary>The value at an input; NaN at NaN.</summary>
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
