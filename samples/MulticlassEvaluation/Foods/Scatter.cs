namespace MulticlassEvaluation.Foods;

/// <summary>Places for toppings.</summary>
internal static class Scatter
{
    /// <summary>Points spread evenly over a disc.</summary>
    public static (double X, double Y)[] Over(Random random, int count, double reach)
    {
        var points = new (double X, double Y)[count];
        for (int i = 0; i < count; i++)
        {
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            double radius = reach * Math.Sqrt(random.NextDouble());
            points[i] = (radius * cosine, radius * sine);
        }

        return points;
    }
}
