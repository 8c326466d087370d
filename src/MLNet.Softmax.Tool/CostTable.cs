using System.Globalization;
using MLNet.Softmax.Tool.Tables;

namespace MLNet.Softmax.Tool;

/// <summary>
/// A table of costs in a file: a row for each decision, whose name is in the first column, and a column for each true class. A row without
/// a name, or named abstain or none, holds the costs of no decision.
/// </summary>
internal static class CostTable
{
    /// <summary>
    /// Reads costs[a, k], the cost of choosing class a if class k is true. If there is one row more than classes, it is for abstaining.
    /// </summary>
    public static float[,] Read(string path, IReadOnlyList<string> classNames)
    {
        using var table = Table.Open(path);
        var columns = classNames.Select(name => table.Columns.Skip(1).ToList().FindIndex(column => column.Name == name) + 1).ToArray();
        if (Array.IndexOf(columns, 0) is >= 0 and var missing)
        {
            throw table.Wrong(classNames[missing], "is missing; a table of costs has a column for each true class, a row for each decision "
                + "with its class in the first column, and perhaps a row named abstain");
        }

        var rows = table.Sample(classNames.Count + 2);
        var found = rows.Select(row => ActionOf(table, row, classNames)).ToArray();
        if (Enumerable.Range(0, classNames.Count).FirstOrDefault(action => !found.Contains(action), -1) is >= 0 and var absent)
            throw table.Wrong("", $"no row in the first column is named {classNames[absent]}; each class needs a row with its costs");
        if (found.Distinct().Count() < found.Length)
            throw table.Wrong(table.Columns[0].Name, "a class has several rows, but one row each is expected");
        var costs = new float[found.Length, classNames.Count];
        for (var row = 0; row < found.Length; row++)
        {
            for (var k = 0; k < classNames.Count; k++)
            {
                var text = columns[k] < rows[row].Length ? rows[row][columns[k]] : "";
                costs[found[row], k] = float.TryParse(text, CultureInfo.InvariantCulture, out var cost) && float.IsFinite(cost) ? cost
                    : throw new FormatException(
                        $"{table.Name}, row {rows[row][0]}, column {classNames[k]}: '{text}' is not a cost; a finite number is expected.");
            }
        }

        return costs;
    }

    private static int ActionOf(Table table, string[] row, IReadOnlyList<string> classNames)
    {
        var name = row.Length == 0 ? "" : row[0];
        var index = classNames.ToList().IndexOf(name);
        return index >= 0 ? index : name.ToLowerInvariant() is "" or "abstain" or "none" ? classNames.Count : throw table.Wrong(
            table.Columns[0].Name, $"'{name}' is none of the classes {ScoreLayout.Shorten(classNames)}; the costs of no decision are in a "
            + "row named abstain");
    }
}
