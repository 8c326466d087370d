using MLNet.Softmax.Charts;
using static MLNet.Softmax.Charts.NumberText;

namespace MLNet.Softmax.Reporting;

/// <summary>The rows to look at first: wrong, and sure of it. Often their labels are the mistake.</summary>
internal static class MistakesSection
{
    public static void Write(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        var mistakes = metrics.ConfidentMistakes;
        if (mistakes.Count == 0)
            return;
        bool hasNames = mistakes.Any(mistake => mistake.RowName is not null);
        var table = new ReportTable(
            "Wrong answers by falling confidence", new(hasNames ? "Row" : "Row id", IsNumber: false), new("Actual", IsNumber: false),
            new("Predicted", IsNumber: false), new("Its probability"), new("Probability of the actual"));
        string introduction = "Worth looking at one by one: what a model is sure of and wrong about is often a wrong label.";
        using (ReportSection.Open(markup, "Most confident mistakes", introduction))
            table.Write(markup, mistakes.Select(mistake => Cells(mistake, metrics.ClassNames)));
        markup.Line();
    }

    private static string[] Cells(ConfidentMistake mistake, IReadOnlyList<string> names) =>
    [
        mistake.RowName ?? RowId(mistake.RowId), names[mistake.Label], names[mistake.Predicted],
        Probability(mistake.Confidence), Probability(mistake.LabelProbability),
    ];
}
