using MLNet.Softmax.Charts;
using static MLNet.Softmax.Charts.NumberText;

namespace MLNet.Softmax.Reporting;

/// <summary>What is gained by answering with several classes, or by declining to answer.</summary>
internal static class CurvesSection
{
    public static void WriteTopK(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        string introduction = "How often the truth is among the k most probable classes.";
        using (ReportSection.Open(markup, "When it may name several classes", introduction))
            ReportSection.Figure(markup, new TopKCurve("Top-k accuracy", metrics.TopKAccuracy));
    }

    public static void WriteRiskCoverage(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        string introduction = "How often it errs when it answers only the rows that it is surest of. The area under the curve is "
            + $"{Decimal(metrics.RiskCoverageArea)}; a confidence that says nothing would have {Decimal(1 - metrics.MicroAccuracy)}.";
        using (ReportSection.Open(markup, "When it may decline to answer", introduction))
            ReportSection.Figure(markup, new RiskCoverageCurve("Risk-coverage curve", metrics.RiskCoverage));
    }
}
