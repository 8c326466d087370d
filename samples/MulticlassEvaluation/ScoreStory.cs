using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Samples;
using MulticlassEvaluation.Scores;
using Spectre.Console;

namespace MulticlassEvaluation;

/// <summary>Any model's predictions, from any framework: evaluated, and calibrated where asked for.</summary>
internal static class ScoreStory
{
    public static void Tell(ScoreFileSettings scores, EvaluationSettings settings)
    {
        string file = Path.GetFileName(scores.Path);
        var result = LateProgress.Run("Reading " + file, progress => new ScoreFileEvaluation(scores).Run(progress));
        var metrics = result.Metrics;
        AnsiConsole.WriteLine(
            $"{file}: {metrics.RowsUsed:N0} rows of {metrics.ClassCount} classes evaluated; left out: {metrics.RowsLeftOut}.");
        var options = new ProbabilityReportOptions { Title = file };
        if (result is { Before: { } before, Fit: { } fit })
        {
            string how = $"Temperature {fit.Temperature:0.0000}, fitted on the {fit.RowsUsed:N0} rows before them";
            AnsiConsole.WriteLine($"{how}: log-loss there {fit.LossBefore:0.0000} -> {fit.LossAfter:0.0000}.");
            var comparison = scores.IsStreaming ? null : Compare(before, metrics, settings.Seed);
            ResultTable.Show(before, metrics, comparison);
            (options.Subtitle, options.Before, options.Comparison) = (how + ".", before, comparison);
        }
        else
        {
            ResultTable.Show(metrics);
        }

        ReportFile.Save(metrics, settings.Report, options);
    }

    private static ProbabilityComparison Compare(ProbabilityMetrics before, ProbabilityMetrics after, int seed) => LateProgress.Run(
        "Comparing", _ => ProbabilityMetrics.Compare(before, after, new BootstrapOptions { Resamples = 500, Seed = seed }));
}
