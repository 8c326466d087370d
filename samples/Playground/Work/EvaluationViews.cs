using System.Globalization;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Charts;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Tool;

namespace Playground.Work;

/// <summary>Results as the page shows them: figures as text, and the charts of MLNet.Softmax.Evaluation as SVG.</summary>
internal static class EvaluationViews
{
    private const int MostPoints = 400;

    public static FileEvaluation Of(EvaluationSession session, ProbabilityMetrics metrics) => new(
        session.Name, session.Layout.ToString(), [.. session.Notes, .. metrics.Warnings, .. LeftOut(metrics)], [.. metrics.ClassNames],
        metrics.RowsUsed, metrics.MicroAccuracy, metrics.MeanConfidence, FiguresOf(metrics),
        [
            new ReliabilityDiagram(metrics) { Title = "Reliability" }.ToSvg(), new RiskCoverageCurve(metrics).ToSvg(),
            new ConfusionHeatMap(metrics).ToSvg(), .. metrics.ClassCount > 2 ? [new TopKCurve(metrics).ToSvg()] : Array.Empty<string>(),
        ],
        [.. metrics.ConfidentMistakes.Select(row => new Mistake(
            row.RowName ?? row.RowId.ToString(CultureInfo.InvariantCulture), metrics.ClassNames[row.Label],
            metrics.ClassNames[row.Predicted], row.Confidence, row.LabelProbability))]);

    public static CalibrationEvaluation Of(Calibrator fit, ProbabilityMetrics before, ProbabilityMetrics after) => new(
        fit.Description, after.RowsUsed, FiguresAround(before), FiguresAround(after),
        [
            new ReliabilityDiagram(before) { Title = "Before" }.ToSvg(), new ReliabilityDiagram(after) { Title = "After" }.ToSvg(),
        ]);

    /// <summary>The figures at the threshold of <paramref name="fit"/>: between two points of its curve, those of the higher one.</summary>
    public static ThresholdEvaluation Of(ThresholdFit fit)
    {
        var curve = fit.Curve;
        var chosen = 0;
        while (chosen < curve.Length - 1 && curve[chosen].Threshold < fit.Threshold)
            chosen++;
        var step = Math.Max(1, curve.Length / MostPoints);
        var drawn = fit with { Curve = [.. curve.Where((_, index) => index % step == 0 || index == chosen || index == curve.Length - 1)] };
        return new(
            curve[chosen].Precision, curve[chosen].Recall, curve[chosen].Coverage, curve[chosen].Cost,
            [new DecisionCurve(drawn).ToSvg(), DecisionCurve.OfCost(drawn).ToSvg()]);
    }

    private static CalibrationFigures FiguresAround(ProbabilityMetrics metrics) =>
        new(metrics.MeanConfidence, metrics.MicroAccuracy, metrics.LogLoss, metrics.ExpectedCalibrationError);

    private static IEnumerable<string> LeftOut(ProbabilityMetrics metrics)
    {
        if (metrics.RowsLeftOut.Total > 0)
            yield return $"Rows left out: {metrics.RowsLeftOut}";
    }

    private static Figure[] FiguresOf(ProbabilityMetrics metrics)
    {
        Figure Of(string name, HeadlineMetric metric)
        {
            var interval = metrics.IntervalOf(metric) is { } known
                ? string.Create(CultureInfo.InvariantCulture, $"{known.Lower:0.0000} to {known.Upper:0.0000}") : "";
            return Plain(name, metrics[metric], interval);
        }

        static Figure Plain(string name, double value, string note = "") =>
            new(name, value.ToString("0.0000", CultureInfo.InvariantCulture), note);

        return
        [
            Of("Accuracy", HeadlineMetric.MicroAccuracy), Of("Log-loss", HeadlineMetric.LogLoss),
            Of("Brier score", HeadlineMetric.BrierScore),
            Plain("Calibration error", metrics.ExpectedCalibrationError, "expected, over 15 bins"),
            Plain("Mean confidence", metrics.MeanConfidence), Of("Macro F1", HeadlineMetric.MacroF1),
            Plain("Macro ROC AUC", metrics.MacroRocAuc ?? double.NaN), Of("Matthews correlation", HeadlineMetric.MatthewsCorrelation),
        ];
    }
}
