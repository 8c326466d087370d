using MLNet.Softmax.Charts;
using MLNet.Softmax.Numerics;
using static MLNet.Softmax.Charts.NumberText;

namespace MLNet.Softmax.Reporting;

/// <summary>The rows that the figures do not speak of, and why.</summary>
internal static class LeftOutSection
{
    private static readonly ReportTable Table = new("Rows left out by reason", new("Reason", IsNumber: false), new("Rows"));

    public static void Write(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        var leftOut = metrics.RowsLeftOut;
        string introduction = leftOut.Total == 0
            ? $"None: all {Count(metrics.RowsUsed)} rows were used."
            : $"{Count(leftOut.Total)} of {Count(leftOut.Total + metrics.RowsUsed)} rows could not be used; the figures do not speak of them.";
        using (ReportSection.Open(markup, "Rows left out", introduction))
        {
            var reasons = Reasons(leftOut).Where(reason => reason.Rows > 0);
            if (leftOut.Total > 0)
                Table.Write(markup, reasons.Select(reason => new[] { reason.Reason, Count(reason.Rows) }));
        }

        markup.Line();
    }

    private static (string Reason, long Rows)[] Reasons(RowsLeftOut leftOut) =>
    [
        ("The label is missing", leftOut.MissingLabel),
        ("The label is none of the classes", leftOut.UnknownLabel),
        ("The probabilities hold NaN or an infinity", leftOut.NotFinite),
        ("The weight is negative, NaN or infinite", leftOut.InvalidWeight),
        ("The weight is zero", leftOut.ZeroWeight),
    ];
}
