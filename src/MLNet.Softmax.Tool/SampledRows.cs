using System.Globalization;
using MLNet.Softmax.Tool.Tables;

namespace MLNet.Softmax.Tool;

/// <summary>The rows that are inspected before the work begins, as text.</summary>
internal sealed class SampledRows(IReadOnlyList<string[]> rows)
{
    /// <summary>A column's texts; short rows have none.</summary>
    public IEnumerable<string> Values(int column) => rows.Where(row => column < row.Length).Select(row => row[column]);

    /// <summary>Whether every value of the column is a number or missing.</summary>
    public bool AreNumbers(int column)
    {
        string[] values = [.. Values(column).Where(value => value.Length > 0)];
        return values.Length == 0 || values.All(value => MissingValue.Is(value)
            || double.TryParse(value.Replace(',', '.').TrimEnd('%'), CultureInfo.InvariantCulture, out _)
            || value.TrimStart('+', '-').Equals("inf", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether the values are numbers from 0 to 1, not all of them whole.</summary>
    public bool AreFractions(int column)
    {
        float[] values = [.. Values(column).Where(text => text.Length > 0)
            .Select(text => float.TryParse(text.Replace(',', '.'), CultureInfo.InvariantCulture, out var value) ? value : -1)];
        return values.All(value => value is >= 0 and <= 1) && values.Any(value => value != MathF.Round(value));
    }

    /// <summary>The rows in which every score is a finite number.</summary>
    public IEnumerable<float[]> FiniteScores(int[] columns)
    {
        foreach (var row in rows.Where(row => columns.All(column => column < row.Length)))
        {
            var scores = new float[columns.Length];
            var isNumber = true;
            for (var index = 0; index < scores.Length; index++)
            {
                var text = row[columns[index]].Replace(',', '.').TrimEnd('%');
                isNumber &= float.TryParse(text, CultureInfo.InvariantCulture, out scores[index]);
            }

            if (isNumber && scores.All(float.IsFinite))
                yield return scores;
        }
    }
}
