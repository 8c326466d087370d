using System.Runtime.InteropServices;
using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// One temperature for all classes: <c>softmax(z / T)</c> (C. Guo et al., "On Calibration of Modern Neural Networks", 2017).
/// It never changes which class is the most probable.
/// </summary>
public static class TemperatureScaling
{
    /// <summary>
    /// Finds the temperature with the lowest mean negative log-likelihood, by a bracketed Halley search on ln(1/T), in double precision
    /// over 32-bit exponentials. The relative accuracy of T is about 1e-6.
    /// </summary>
    /// <param name="rows">Rows that the model was not trained on.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">
    /// There are too few rows, all rows are of one class, all scores are equal, or every true label is ranked first (then no finite
    /// temperature is best) and the minimum temperature was not raised. A fixed temperature only needs one row.
    /// </exception>
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
        var loss = objective.Evaluate(1 / temperature, out var before);
        return new TemperatureFit(
            temperature, before, loss.Value, rows.Count, rows.LeftOut, 1, FitOutcome.Fixed, loss.LargestRowShare);
    }
}

/// <summary>
/// The search. The loss is convex in b = 1/T, so the sign of its slope brackets the minimum. Halley's steps are taken in t = ln b, where
/// equal steps are equal ratios. A step beyond a bound that was not tried yet goes to the bound; a step beyond the bracket goes to its
/// middle. Near the minimum, the power series of the loss gives the minimum and the loss there, so most searches read all rows only once,
/// after a sample of them.
/// </summary>
internal static class TemperatureSearch
{
    /// <summary>Far from the minimum the quadratic model is unreliable: no step is longer than a factor of e^3.</summary>
    private const double LongestStep = 3;

    /// <summary>A bracket this narrow ends the search.</summary>
    private const double NarrowBracket = 1e-7;

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

        var t = Math.Clamp(start, lowest, highest);
        var current = objective.Evaluate(Math.Exp(t), out var lossAtOne);
        for (var evaluations = 1; ; evaluations++)
        {
            if (current.Slope > 0)
                high = t;
            else if (current.Slope < 0)
                low = t;
            else
                return End(FitOutcome.Converged);
            if (high == lowest)
                return End(FitOutcome.AtHighestTemperature);
            if (low == highest)
                return End(FitOutcome.AtLowestTemperature);

            if (current.TryMinimum(out var share, out var loss) && t + double.LogP1(share) is var end && end >= lowest && end <= highest)
            {
                (t, current) = (end, current with { Value = loss });
                return End(FitOutcome.Converged);
            }
            if (high - low < NarrowBracket)
                return End(FitOutcome.Converged);
            if (evaluations >= options.MaximumIterations)
                return End(FitOutcome.IterationsExhausted);

            var next = Math.Clamp(t + Math.Clamp(current.Step, -LongestStep, LongestStep), lowest, highest);
            t = next > low && next < high ? next : (Math.Max(low, lowest) + Math.Min(high, highest)) / 2;
            current = objective.Evaluate(Math.Exp(t));

            TemperatureFit End(FitOutcome outcome) => new(
                Math.Exp(-t), lossAtOne, current.Value, rows.Count, rows.LeftOut, evaluations, outcome, current.LargestRowShare);
        }
    }
}

/// <summary>
/// The mean negative log-likelihood at one b = 1/T, and its first four derivatives in the share s by which b grows, at s = 0; and the
/// largest share of a row in the sum of the squared slopes of the rows.
/// </summary>
internal readonly record struct TemperatureLoss(
    double Value, double Slope, double Curvature, double Third, double Fourth, double LargestRowShare)
{
    /// <summary>The series is only used for a minimum within this distance.</summary>
    private const double FarthestMinimum = 0.05;

    /// <summary>
    /// Each term is far smaller than the one before it. If the last one is at most this large, the terms left out are negligible.
    /// </summary>
    private const double LargestLastTerm = 1e-5;

    /// <summary>
    /// Halley's step in ln b towards slope 0; Newton's if the third derivative makes it more than twice as long.
    /// </summary>
    public double Step
    {
        get
        {
            var newton = -Slope / Curvature;
            return newton / Math.Max(0.5, 1 + (Curvature + Third) / (2 * Curvature) * newton);
        }
    }

    /// <summary>Finds the minimum from the derivatives alone, if it is close enough.</summary>
    public bool TryMinimum(out double share, out double loss)
    {
        // The slope's series, s + c2 s^2 + c3 s^3 = newton, reverted.
        var newton = -Slope / Curvature;
        var (c2, c3) = (Third / (2 * Curvature), Fourth / (6 * Curvature));
        var last = (2 * c2 * c2 - c3) * newton * newton * newton;
        share = newton - c2 * newton * newton + last;
        loss = Value + share * (Slope + share / 2 * (Curvature + share / 3 * (Third + share / 4 * Fourth)));
        return Math.Abs(newton) < FarthestMinimum && Math.Abs(last) < LargestLastTerm;
    }
}

/// <summary>
/// One pass over the rows per evaluation. With p = softmax(b z) and u = b z: loss = logsumexp(u) - u_y, its slope E_p[u] - u_y, and the
/// higher derivatives are the cumulants of u under p. The loss is convex in b.
/// </summary>
internal sealed partial class TemperatureObjective(CalibrationRows rows, RowWeights weights)
{
    private const int TileRows = RowChunk.TileRows;

    public TemperatureLoss Evaluate(double inverseTemperature) => VectorSupport.IsInterpreted
        ? EvaluateOneByOne(inverseTemperature, false, out _) : Evaluate<NotAtOne>(inverseTemperature, out _);

    /// <summary>Also returns the mean loss at temperature 1.</summary>
    public TemperatureLoss Evaluate(double inverseTemperature, out double lossAtOne)
    {
        if (VectorSupport.IsInterpreted)
            return EvaluateOneByOne(inverseTemperature, true, out lossAtOne);
        if (inverseTemperature != 1)
            return Evaluate<AlsoAtOne>(inverseTemperature, out lossAtOne);
        var loss = Evaluate<NotAtOne>(1, out _);
        lossAtOne = loss.Value;
        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TemperatureLoss Evaluate<TAlsoAtOne>(double inverseTemperature, out double lossAtOne)
        where TAlsoAtOne : struct, IChoice
    {
        var b = Vector512.Create((float)inverseTemperature);
        Vector512<double> loss = default, atOne = default, slope = default, second = default, third = default, fourth = default;
        Vector512<double> total = default;
        Vector512<float> squares = default, largest = default;
        foreach (var tile in rows.Tiles(weights.Stride))
        {
            var rowWeights = weights.OfTile(tile);
            var ofRows = Vector512.Widen(rowWeights);
            EvaluateTile<TAlsoAtOne>(tile.Chunk, tile.Index, b, out var of);
            AddTo(ref loss, of.Loss, ofRows);
            AddTo(ref slope, of.Slope, ofRows);
            AddTo(ref second, of.Second, ofRows);
            AddTo(ref third, of.Third, ofRows);
            AddTo(ref fourth, of.Fourth, ofRows);
            if (TAlsoAtOne.IsYes)
                AddTo(ref atOne, of.AtOne, ofRows);
            total += ofRows.Lower + ofRows.Upper;
            var square = of.Slope * of.Slope * rowWeights * rowWeights;
            squares += square;
            largest = Vector512.MaxNative(largest, square);
        }
        var sum = Vector512.Sum(total);
        lossAtOne = Vector512.Sum(atOne) / sum;
        return new TemperatureLoss(
            Vector512.Sum(loss) / sum, Vector512.Sum(slope) / sum, Vector512.Sum(second) / sum, Vector512.Sum(third) / sum,
            Vector512.Sum(fourth) / sum, (double)LaneMaximum.Of(largest) / Vector512.Sum(squares));
    }

    /// <summary>The losses of 16 rows and their derivatives.</summary>
    private struct TileLoss
    {
        public Vector512<float> Loss, AtOne, Slope, Second, Third, Fourth;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EvaluateTile<TAlsoAtOne>(RowChunk chunk, int tile, Vector512<float> b, out TileLoss of)
        where TAlsoAtOne : struct, IChoice
    {
        // The chunk holds whole tiles: no index below passes its end.
        ref var z = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(chunk.Scores), tile * chunk.TileFloats);
        var end = (nuint)chunk.TileFloats;
        var largest = Vector512.LoadUnsafe(ref z);
        for (nuint i = TileRows; i < end; i += TileRows)
            largest = Vector512.MaxNative(largest, Vector512.LoadUnsafe(ref z, i));

        // The sum of the exponentials, and of them times the powers of u.
        Vector512<float> sum = default, first = default, second = default, third = default, fourth = default, sumAtOne = default;
        for (nuint i = 0; i < end; i += TileRows)
        {
            var below = Vector512.LoadUnsafe(ref z, i) - largest;
            var u = below * b;
            var e = LaneExponential.OfNonPositive(u);
            sum += e;
            e *= u;
            first += e;
            e *= u;
            second += e;
            e *= u;
            third += e;
            fourth = Vector512.MultiplyAddEstimate(e, u, fourth);
            if (TAlsoAtOne.IsYes)
                sumAtOne += LaneExponential.OfNonPositive(below);
        }
        ref var labels = ref MemoryMarshal.GetArrayDataReference(chunk.LabelScores);
        var labelBelow = Vector512.LoadUnsafe(ref labels, (nuint)(tile * TileRows)) - largest;
        var mean = first / sum;
        second /= sum;
        third /= sum;
        fourth /= sum;
        var square = mean * mean;
        of.Loss = Vector512.Log(sum) - labelBelow * b;
        of.AtOne = TAlsoAtOne.IsYes ? Vector512.Log(sumAtOne) - labelBelow : default;
        of.Slope = mean - labelBelow * b;
        of.Second = Vector512.MaxNative(second - square, Vector512<float>.Zero);
        of.Third = third - 3 * mean * second + 2 * mean * square;
        of.Fourth = fourth - 4 * mean * third - 3 * second * second + 12 * square * second - 6 * square * square;
    }

    /// <summary>Multiplies in double precision, so that weight 2 gives the same result as two equal rows.</summary>
    private static void AddTo(
        ref Vector512<double> total, Vector512<float> values, (Vector512<double> Lower, Vector512<double> Upper) weights)
    {
        var (lower, upper) = Vector512.Widen(values);
        total += lower * weights.Lower + upper * weights.Upper;
    }
}

/// <summary>Whether the loss at temperature 1 is computed too.</summary>
internal readonly struct AlsoAtOne : IChoice { public static bool IsYes => true; }
internal readonly struct NotAtOne : IChoice;
