using System.Text;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>The path of a line through points in drawing units. A point that is not finite leaves a gap.</summary>
internal static class LinePath
{
    public static string Through(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        bool isPenDown = false;
        foreach (var (x, y) in points)
        {
            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                isPenDown = false;
                continue;
            }

            path.Append(isPenDown ? 'L' : 'M').Append(Coordinate(x)).Append(' ').Append(Coordinate(y));
            isPenDown = true;
        }

        return path.ToString();
    }

    /// <summary>
    /// Removes points that do not change the picture: keeps the first, lowest, highest and last point within each half unit of width. The
    /// points must be in order of X.
    /// </summary>
    public static IEnumerable<(double X, double Y)> Thin(IEnumerable<(double X, double Y)> points)
    {
        var column = new List<(double X, double Y)>();
        foreach (var point in points)
        {
            if (column.Count > 0 && !(point.X - column[0].X < 0.5))
            {
                foreach (var kept in Extremes(column))
                    yield return kept;
                column.Clear();
            }

            column.Add(point);
        }

        foreach (var kept in Extremes(column))
            yield return kept;
    }

    private static IEnumerable<(double X, double Y)> Extremes(List<(double X, double Y)> column)
    {
        if (column.Count <= 4)
            return [.. column];
        int lowest = 0, highest = 0;
        for (int i = 1; i < column.Count; i++)
        {
            if (column[i].Y < column[lowest].Y)
                lowest = i;
            if (column[i].Y > column[highest].Y)
                highest = i;
        }

        int[] kept = [0, lowest, highest, column.Count - 1];
        return [.. kept.Distinct().Order().Select(i => column[i])];
    }
}
