namespace MulticlassEvaluation.Foods;

/// <summary>Whether a point lies inside a shape. Dishes are drawn in the square from -1 to 1, y downwards.</summary>
internal static class Shapes
{
    public static bool Ellipse(double x, double y, double centreX, double centreY, double radiusX, double radiusY) =>
        Square((x - centreX) / radiusX) + Square((y - centreY) / radiusY) <= 1;

    public static bool Disc(double x, double y, double centreX, double centreY, double radius) =>
        Ellipse(x, y, centreX, centreY, radius, radius);

    public static bool RoundedBox(double x, double y, double centreX, double centreY, double halfWidth, double halfHeight, double corner)
    {
        double beyondX = Math.Max(0, Math.Abs(x - centreX) - halfWidth + corner);
        double beyondY = Math.Max(0, Math.Abs(y - centreY) - halfHeight + corner);
        return Square(beyondX) + Square(beyondY) <= Square(corner);
    }

    /// <summary>A wavy stripe along y = <paramref name="centreY"/>.</summary>
    public static bool Wave(double x, double y, double centreY, double halfWidth, double reach, double waves, double halfHeight) =>
        Math.Abs(x) <= halfWidth && Math.Abs(y - centreY - reach * Math.Sin(waves * Math.PI * x)) <= halfHeight;

    private static double Square(double value) => value * value;
}
