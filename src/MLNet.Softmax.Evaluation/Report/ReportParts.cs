using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>What the sections of a report have in common.</summary>
internal static class ReportSection
{
    /// <summary>Opens a section with its heading and a sentence on what it shows.</summary>
    public static MarkupWriter.Scope Open(MarkupWriter markup, string heading, string introduction)
    {
        var scope = markup.Open("section");
        markup.Element("h2", heading);
        markup.Element("p", introduction, ("class", "quiet"));
        return scope;
    }

    /// <summary>Opens a row of sections, side by side if the page is wide enough.</summary>
    public static MarkupWriter.Scope Pair(MarkupWriter markup) => markup.Open("div", ("class", "pair"));

    /// <summary>A whole section with a chart.</summary>
    public static void WriteChart(MarkupWriter markup, string heading, string introduction, Chart chart, string? caption = null)
    {
        using (Open(markup, heading, introduction))
        {
            using (markup.Open("figure"))
            {
                chart.Write(markup);
                if (caption is not null)
                    markup.Element("figcaption", caption);
            }

            markup.Line();
        }
    }

    /// <summary>A whole section with a table.</summary>
    public static void WriteTable(
        MarkupWriter markup, string heading, string introduction, ReportTable table, IEnumerable<IReadOnlyList<string>> rows)
    {
        using (Open(markup, heading, introduction))
            table.Write(markup, rows);
        markup.Line();
    }
}

/// <summary>A column of a table; numbers are right-aligned, text left-aligned.</summary>
internal readonly record struct ReportColumn(string Title, bool IsNumber = true);

/// <summary>A table that scrolls inside its own frame if it is too wide or too long for the page.</summary>
internal sealed class ReportTable(string caption, params IReadOnlyList<ReportColumn> columns)
{
    public void Write(MarkupWriter markup, IEnumerable<IReadOnlyList<string>> rows)
    {
        using (markup.Open("div", ("class", "table-frame"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption)))
        using (markup.Open("table"))
        {
            markup.Element("caption", caption);
            using (markup.Open("thead"))
            using (markup.Open("tr"))
            {
                foreach (var column in columns)
                    markup.Element("th", column.Title, ("scope", "col"), ("class", Style(column)));
            }

            using (markup.Open("tbody"))
            {
                foreach (var row in rows)
                    WriteRow(markup, row);
            }
        }

        markup.Line();
    }

    /// <summary>The first cell names the row.</summary>
    private void WriteRow(MarkupWriter markup, IReadOnlyList<string> cells)
    {
        using (markup.Open("tr"))
        {
            markup.Element("th", cells[0], ("scope", "row"), ("class", Style(columns[0])));
            for (int i = 1; i < columns.Count; i++)
                markup.Element("td", cells[i], ("class", Style(columns[i])));
        }

        markup.Line();
    }

    private static string? Style(ReportColumn column) => column.IsNumber ? "number" : null;
}
