using Microsoft.ML;
using MLNet.Softmax;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Samples;

namespace HotDog;

/// <summary>The held-out photographs before and after the temperature, on a page to look at.</summary>
internal static class EvaluationReport
{
    private static readonly ProbabilityEvaluationOptions Options = new() { RowNameColumnName = nameof(Photograph.Image) };

    public static void Save(MLContext mlContext, IDataView scored, string path)
    {
        var catalog = mlContext.MulticlassClassification;
        var before = catalog.EvaluateProbabilities(scored, probabilityColumnName: Prediction.BeforeCalibration, options: Options);
        var after = catalog.EvaluateProbabilities(scored, options: Options);
        ReportFile.Save(after, path, new ProbabilityReportOptions
        {
            Title = "Hot dog or not",
            Subtitle = $"A perceptron on the features of {after.RowsUsed} held-out photographs, before and after its temperature.",
            Before = before,
            Comparison = ProbabilityMetrics.Compare(before, after),
        });
    }
}
