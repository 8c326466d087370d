using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// One temperature for all classes: <c>softmax(z / T)</c> (C. Guo et al., "On Calibration of Modern Neural Networks", 2017).
/// It never changes which class is first.
/// </summary>
public static class TemperatureScaling
{
    /// <summary>
    /// Finds the temperature of least mean negative log-likelihood by a bracketed Newton search on ln(1/T), in double precision
    /// over 32-bit exponentials: relative accuracy of T about 1e-6.
    /// </summary>
    /// <param name="rows">Rows that the model was not trained on.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">Too few rows, rows of one class only, all scores equal, or every label on top
    /// (no finite temperature is best) with no raised minimum. A fixed temperature needs nothing but a row.</exception>
    /// <exception cref="ArgumentException">An option is out of its range or the class weights do not match the classes.</exception>
    public static TemperatureFit Fit(CalibrationRows rows, TemperatureScalingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new TemperatureScalingOptions();
        options.Validate();
        if (options.FixedTemperature is { } given)
            return Measure(rows, given, options);

        FitGuards.RequireRows(rows, options.MinimumRows);
        var weights = FitGuards.Weights(options.ClassWeights, rows);
        FitGuards.RequireInformativeScores(rows, options.MinimumIsRaised);
        return TemperatureSearch.Run(rows, weights, options);
    }

    private static TemperatureFit Measure(CalibrationRows rows, double temperature, TemperatureScalingOptions options)
    {
        rows.ReplaceMasks();
        if (rows.Count == 0)
            return new TemperatureFit(temperature, double.NaN, double.NaN, 0, rows.LeftOut, 0, FitOutcome.Fixed);
        var objective = new TemperatureObjective(rows, FitGuards.Weights(options.ClassWeights, rows));
        var (before, after) = (objective.Evaluate(1), objective.Evaluate(1 / temperature));
        return new TemperatureFit(
            temperature, before.Value, after.Value, rows.Count, rows.LeftOut, 2, FitOutcome.Fixed, after.LargestRowShare);
    }
}

/// <summary>
/// The search itself. The loss is convex in b = 1/T, so the sign of its slope brackets the minimum; Newton steps are taken in
/// t = ln b, where equal steps are equal ratios. A step beyond a bound that was not yet tried goes to the bound, one beyond the
/// bracket to its middle.
/// </summary>
internal static class TemperatureSearch
{
    /// <summary>A Newton step this small ends the search: the error that it leaves is of the order of its square.</summary>
    private const double StepTolerance = 3e-4;

    /// <summary>From far off the quadratic model says little: no step beyond a factor of e^3.</summary>
    private const double LongestStep = 3;

    public static TemperatureFit Run(CalibrationRows rows, RowWeights weights, TemperatureScalingOptions options)
    {
        var start = 0.0;
        if (weights.Sample(rows) is { } sample)
        {
            var near = Run(rows, sample, options, 0);
            start = near.Outcome == FitOutcome.Converged ? -Math.Log(near.Temperature) : 0;
        }
        return Run(rows, weights, options, start);
    }

    private static TemperatureFit Run(CalibrationRows rows, RowWeights weights, TemperatureScalingOptions options, double start)
    {
        var objective = new TemperatureObjective(rows, weights);
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

        TemperatureFit End(FitOutcome outcome) =>
            new(Math.Exp(-t), atOne.Value, current.Value, rows.Count, rows.LeftOut, evaluations, outcome, current.LargestRowShare);
    }
}

/// <summary>
/// The mean negative log-likelihood as a function of b = 1/T, with its first two derivatives in b, and the largest share of a row in the
/// sum of the squared slopes of the rows.
/// </summary>
internal readonly record struct TemperatureLoss(double Value, double Slope, double Curvature, double LargestRowShare);

/// <summary>
/// One pass over the rows per evaluation. With p = softmax(b z): loss = logsumexp(b z) - b z_y, slope = E_p[z] - z_y,
/// curvature = Var_p[z]. The loss is convex in b.
/// </summary>
internal sealed class TemperatureObjective(CalibrationRows rows, RowWeights weights)
{
    private const int TileRows = RowChunk.TileRows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TemperatureLoss Evaluate(double inverseTemperature)
    {
        var b = Vector512.Create((float)inverseTemperature);
        Vector512<double> loss = default, slope = default, curvature = default, total = default;
        Vector512<float> squares = default, largest = default;
        foreach (var tile in rows.Tiles(weights.Stride))
        {
            var rowWeights = weights.OfTile(tile);
            var ofRows = Vector512.Widen(rowWeights);
            EvaluateTile(tile.Chunk, tile.Index, b, out var l, out var s, out var v);
            AddTo(ref loss, l, ofRows);
            AddTo(ref slope, s, ofRows);
            AddTo(ref curvature, v, ofRows);
            total += ofRows.Lower + ofRows.Upper;
            var square = s * s * rowWeights * rowWeights;
            squares += square;
            largest = Vector512.MaxNative(largest, square);
        }
        var sum = Vector512.Sum(total);
        return new TemperatureLoss(Vector512.Sum(loss) / sum, Vector512.Sum(slope) / sum, Vector512.Sum(curvature) / sum,
            (double)LaneMaximum.Of(largest) / Vector512.Sum(squares));
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
