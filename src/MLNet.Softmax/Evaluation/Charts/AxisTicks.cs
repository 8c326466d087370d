namespace MLNet.Softmax.Charts;

/// <summary>Round values along an axis: multiples of 1, 2, 2.5 or 5 times a power of ten.</summary>
internal sealed record AxisTicks(double Step, IReadOnlyList<double> Values)
{
    private static readonly double[] RoundSteps = [1, 2, 2.5, 5, 10];

    /// <summary>The round values within [<paramref name="start"/>, <paramref name="end"/>], about <paramref name="count"/> of them.</summary>
    public static AxisTicks Within(double start, double end, int count = 5)
    {
        if (!double.IsFinite(start) || !double.IsFinite(end) || !(end > start))
            return new AxisTicks(1, double.IsFinite(start) ? [start] : []);
        double step = RoundStep((end - start) / Math.Max(1, count));
        double first = Math.Ceiling(start / step - 1e-9), last = Math.Floor(end / step + 1e-9);
        var values = new double[Math.Max(0, (int)(last - first) + 1)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (first + i) * step;
        return new AxisTicks(step, values);
    }

    /// <summary>The narrowest domain from one round value to another that holds both ends.</summary>
    public static (double Start, double End) RoundDomain(double start, double end, int count = 5)
    {
        if (!double.IsFinite(start) || !double.IsFinite(end))
            return (0, 1);
        if (!(end > start))
            return start == 0 ? (0, 1) : (Math.Min(0, start), Math.Max(0, start));
        double step = RoundStep((end - start) / Math.Max(1, count));
        return (Math.Floor(start / step + 1e-9) * step, Math.Ceiling(end / step - 1e-9) * step);
    }

    private static double RoundStep(double roughStep)
    {
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(roughStep)));
        return RoundSteps.First(step => step * magnitude >= roughStep * (1 - 1e-9)) * magnitude;
    }
}
