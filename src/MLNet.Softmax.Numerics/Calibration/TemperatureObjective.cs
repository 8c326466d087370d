using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>The mean negative log-likelihood as a function of b = 1/T, with its first two derivatives in b.</summary>
internal readonly record struct TemperatureLoss(double Value, double Slope, double Curvature);

/// <summary>
/// One pass over the rows per evaluation. With p = softmax(b z): loss = logsumexp(b z) - b z_y, slope = E_p[z] - z_y,
/// curvature = Var_p[z]. The loss is convex in b.
/// </summary>
internal sealed class TemperatureObjective
{
    private const int TileRows = RowChunk.TileRows;
    private readonly CalibrationRows _rows;
    private readonly RowWeights _weights;

    public TemperatureObjective(CalibrationRows rows, RowWeights weights)
    {
        _rows = rows;
        _weights = weights;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TemperatureLoss Evaluate(double inverseTemperature)
    {
        var chunks = _rows.Chunks;
        var b = Vector512.Create((float)inverseTemperature);
        Vector512<double> loss = default, slope = default, curvature = default, total = default;
        for (var c = 0; c < chunks.Length; c++)
        {
            var chunk = chunks[c];
            for (var tile = 0; tile < chunk.TileCount; tile += _weights.Stride)
            {
                var weights = Vector512.Widen(_weights.OfTile(chunk, c, tile));
                EvaluateTile(chunk, tile, b, out var l, out var s, out var v);
                AddTo(ref loss, l, weights);
                AddTo(ref slope, s, weights);
                AddTo(ref curvature, v, weights);
                total += weights.Lower + weights.Upper;
            }
        }
        var sum = Vector512.Sum(total);
        return new TemperatureLoss(Vector512.Sum(loss) / sum, Vector512.Sum(slope) / sum, Vector512.Sum(curvature) / sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EvaluateTile(
        RowChunk chunk, int tile, Vector512<float> b, out Vector512<float> loss, out Vector512<float> slope, out Vector512<float> curvature)
    {
        // The chunk holds whole tiles: no index below passes its end.
        ref var z = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(chunk.Scores), tile * chunk.TileFloats);
        var end = (nuint)chunk.TileFloats;
        var largest = Vector512.LoadUnsafe(ref z);
        for (nuint i = TileRows; i < end; i += TileRows)
            largest = Vector512.MaxNative(largest, Vector512.LoadUnsafe(ref z, i));

        Vector512<float> sum = default, first = default, second = default;
        for (nuint i = 0; i < end; i += TileRows)
        {
            var below = Vector512.LoadUnsafe(ref z, i) - largest;
            var e = LaneExponential.OfNonPositive(below * b);
            var weighted = e * below;
            sum += e;
            first += weighted;
            second = Vector512.MultiplyAddEstimate(weighted, below, second);
        }
        ref var labels = ref MemoryMarshal.GetArrayDataReference(chunk.LabelScores);
        var labelBelow = Vector512.LoadUnsafe(ref labels, (nuint)(tile * TileRows)) - largest;
        var mean = first / sum;
        loss = Vector512.Log(sum) - labelBelow * b;
        slope = mean - labelBelow;
        curvature = Vector512.MaxNative(second / sum - mean * mean, Vector512<float>.Zero);
    }

    /// <summary>Multiplies in double precision, so that weight 2 gives what two equal rows give.</summary>
    private static void AddTo(
        ref Vector512<double> total, Vector512<float> values, (Vector512<double> Lower, Vector512<double> Upper) weights)
    {
        var (lower, upper) = Vector512.Widen(values);
        total += lower * weights.Lower + upper * weights.Upper;
    }
}

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

    public static TemperatureSearch Run(CalibrationRows rows, RowWeights weights, TemperatureScalingOptions options)
    {
        var start = 0.0;
        if (weights.Sample(rows) is { } sample)
        {
            var near = Run(new TemperatureObjective(rows, sample), options, 0);
            start = near.Outcome == FitOutcome.Converged ? -Math.Log(near.Temperature) : 0;
        }
        return Run(new TemperatureObjective(rows, weights), options, start);
    }

    private static TemperatureSearch Run(TemperatureObjective objective, TemperatureScalingOptions options, double start)
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
