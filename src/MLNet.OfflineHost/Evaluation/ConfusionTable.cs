using System.Text;

namespace Microsoft.ML.Data;

/// <summary>A confusion matrix as text, column for column as ML.NET lays it out.</summary>
internal static class ConfusionTable
{
    private const int HeadWidth = 9;

    public static string Format(ConfusionMatrix matrix)
    {
        var names = matrix.PredictedClassesIndicators;
        int width = names.Count == 2 ? 8 : 5;
        int longest = names.Max(name => name.Length);
        // Names that are too long for their columns are numbered, and the columns headed by the numbers.
        bool isNumbered = longest > width;
        int digits = isNumbered ? (names.Count - 1).ToString().Length : 0;
        int labelWidth = Math.Max(HeadWidth, isNumbered ? longest + digits + 2 : longest);
        var pad = new string(' ', labelWidth - HeadWidth);
        var rule = string.Concat(Enumerable.Repeat(names.Count > 2 ? "========" : "===========", names.Count));

        var text = new StringBuilder();
        text.AppendLine().AppendLine("Confusion table");
        text.Append("          ").Append(pad).Append("||").AppendLine(rule);
        text.Append("PREDICTED ").Append(pad).Append("||");
        for (int index = 0; index < names.Count; index++)
            text.Append(' ').Append((isNumbered ? index.ToString() : names[index].ToString()).PadLeft(width)).Append(" |");
        text.AppendLine(" Recall");
        text.Append("TRUTH     ").Append(pad).Append("||").AppendLine(rule);
        for (int row = 0; row < names.Count; row++)
        {
            text.Append(isNumbered
                ? $"{row.ToString().PadLeft(digits)}. {names[row].ToString().PadLeft(labelWidth - digits - 2)} ||"
                : $"{names[row].ToString().PadLeft(labelWidth)} ||");
            foreach (double count in matrix.Counts[row])
                text.Append(' ').Append(count.ToString("N0").PadLeft(width)).Append(" |");
            text.Append(' ').AppendLine(matrix.PerClassRecall[row].ToString("F4").PadLeft(5));
        }

        text.Append("          ").Append(pad).Append("||").AppendLine(rule);
        text.Append("Precision ").Append(pad).Append("||");
        foreach (double precision in matrix.PerClassPrecision)
            text.Append(precision.ToString("N4").PadLeft(width + 1)).Append(" |");
        return text.AppendLine().ToString();
    }
}
