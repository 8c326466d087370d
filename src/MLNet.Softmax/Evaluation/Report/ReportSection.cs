using MLNet.Softmax.Charts;

namespace MLNet.Softmax.Reporting;

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

    /// <summary>Opens a row of sections that stand side by side where the page is wide enough.</summary>
    public static MarkupWriter.Scope Pair(MarkupWriter markup) => markup.Open("div", ("class", "pair"));

    public static void Figure(MarkupWriter markup, Chart chart, string? caption = null)
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
