using Microsoft.ML;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Samples;
using Spectre.Console;

namespace MulticlassEvaluation;

/// <summary>Any model's predictions, from any framework: read once from top to bottom, evaluated, and calibrated where asked for.</summary>
internal sealed class ScoreStory(ScoreFileSettings settings)
{
    // The outcome of a row and its number, apart from its probabilities.
    private const int BytesOfRow = 40;
    private const long WorthSaying = 100_000_000;

    private readonly string _file = Path.GetFileName(settings.Path);

    public void Tell(string report, int seed)
    {
        var (metrics, before, fit) = LateProgress.Run("Reading " + _file, Evaluate);
        AnsiConsole.WriteLine(
            $"{_file}: {metrics.RowsUsed:N0} rows of {metrics.ClassCount} classes evaluated; left out: {metrics.RowsLeftOut}.");
        foreach (string warning in metrics.Warnings)
            AnsiConsole.WriteLine(warning);
        var options = new ProbabilityReportOptions { Title = _file };
        if (before is null || fit is null)
        {
            ResultTable.Show(metrics);
        }
        else
        {
            string how = $"Temperature {fit.Temperature:0.0000}, fitted on the {fit.RowsUsed:N0} rows before them";
            AnsiConsole.WriteLine($"{how}: log-loss there {fit.LossBefore:0.0000} -> {fit.LossAfter:0.0000}.");
            var comparison = settings.IsStreaming ? null : LateProgress.Run("Comparing", _ => ProbabilityMetrics.Compare(
                before, metrics, new BootstrapOptions { Resamples = 500, Seed = seed }));
            ResultTable.Show(before, metrics, comparison);
            (options.Subtitle, options.Before, options.Comparison) = (how + ".", before, comparison);
        }

        ReportFile.Save(metrics, report, options);
    }

    /// <summary>The evaluation, and where a temperature is asked for, the evaluation without it and the fit.</summary>
    private (ProbabilityMetrics Metrics, ProbabilityMetrics? Before, TemperatureFit? Fit) Evaluate(Action<double> progress)
    {
        using var reader = new ScoreFileReader(settings);
        string[] notRead = [.. reader.ColumnsNotRead];
        if (notRead.Length > 0)
        {
            var names = notRead.Select(name => name.Length == 0 ? "(no name)" : name);
            AnsiConsole.WriteLine($"Columns that are not read: {string.Join(", ", names)}.");
        }

        var fit = settings.CalibrateOn is { } share ? Fit(reader, FittingRows(share), progress) : null;
        var leftOutOfFit = reader.LeftOut;

        float[] temperatures = fit is null ? [1] : [1, (float)fit.Temperature];
        ProbabilityEvaluator[] evaluators = [.. temperatures.Select(_ => CreateEvaluator(reader))];
        var probabilities = new float[reader.Capacity * reader.ClassCount];
        var evaluation = Task.CompletedTask;
        while (reader.Read(long.MaxValue))
        {
            var rows = reader.Rows;
            if (evaluation == Task.CompletedTask && !settings.IsStreaming)
                SayMemory(reader.EstimatedRows, evaluators.Length * (sizeof(float) * reader.ClassCount + BytesOfRow));
            evaluation.GetAwaiter().GetResult();
            // While the next rows are read.
            evaluation = Task.Run(() =>
            {
                foreach (var (evaluator, temperature) in evaluators.Zip(temperatures))
                    Evaluate(evaluator, rows, probabilities.AsSpan(0, rows.Scores.Length), reader.ClassCount, temperature);
            });
            progress(reader.ShareRead);
        }

        evaluation.GetAwaiter().GetResult();
        string[] withoutRows = [.. reader.ColumnsWithoutRows.Take(5)];
        if (withoutRows.Length > 0)
        {
            AnsiConsole.WriteLine($"No label is {string.Join(", ", withoutRows)}, although the column is taken for a class; if it is none, "
                + "name the columns of the scores with --score-columns.");
        }

        if (reader.ArePercentages)
            AnsiConsole.WriteLine("The scores are percentages; each row was divided by its sum.");
        foreach (var evaluator in evaluators)
        {
            evaluator.LeaveOut(new RowsLeftOut(
                reader.LeftOut.MissingLabel - leftOutOfFit.MissingLabel, 0, reader.LeftOut.NotFinite - leftOutOfFit.NotFinite, 0, 0));
        }

        return (evaluators[^1].ToMetrics(), fit is null ? null : evaluators[0].ToMetrics(), fit);
    }

    private static void SayMemory(long rows, long bytesOfRow)
    {
        if (rows * bytesOfRow >= WorthSaying)
        {
            AnsiConsole.WriteLine($"About {rows:N0} rows: --metrics all takes about {rows * bytesOfRow / 1e9:0.0} GB of memory for them, "
                + "--metrics streaming nothing.");
        }
    }

    /// <summary>How many rows to fit on, at least one and not all of them.</summary>
    private long FittingRows(double share)
    {
        long rows = ScoreFileReader.CountRows(settings);
        return rows < 2
            ? throw new FormatException($"{_file} has {rows} rows; --calibrate-on needs some to fit on and some to evaluate.")
            : Math.Clamp((long)(rows * share), 1, rows - 1);
    }

    private TemperatureFit Fit(ScoreFileReader reader, long count, Action<double> progress)
    {
        var heldOut = settings.ScoreKind == ScoreKind.Logits
            ? CalibrationRows.OfLogits(reader.ClassCount)
            : CalibrationRows.OfProbabilities(reader.ClassCount);
        while (reader.RowsRead < count && reader.Read(count - reader.RowsRead))
        {
            for (int row = 0; row < reader.Rows.Count; row++)
                heldOut.Add(reader.Rows.Scores.Slice(row * reader.ClassCount, reader.ClassCount), reader.Rows.Labels[row]);
            progress(reader.ShareRead);
        }

        return TemperatureScaling.Fit(heldOut);
    }

    private void Evaluate(
        ProbabilityEvaluator evaluator, ScoreRows rows, Span<float> probabilities, int classCount, float temperature)
    {
        rows.Scores.CopyTo(probabilities);
        if (settings.ScoreKind == ScoreKind.Probabilities && temperature != 1)
            Probabilities.ToLogits(rows.Scores, probabilities);
        if (settings.ScoreKind == ScoreKind.Logits || temperature != 1)
            Softmax.Rows(probabilities, classCount, probabilities, temperature);
        evaluator.Add(new ProbabilityBlock(probabilities, classCount, rows.Labels), rows.Numbers, rows.Names);
    }

    private ProbabilityEvaluator CreateEvaluator(ScoreFileReader reader)
    {
        var names = settings.ClassNames ?? reader.ClassNames;
        if (names.Count != reader.ClassCount)
            throw new FormatException($"--class-names gives {names.Count} names, but {_file} has {reader.ClassCount} classes.");
        return new ProbabilityEvaluator(
            names, settings.IsStreaming ? ProbabilityEvaluationOptions.Streaming() : new ProbabilityEvaluationOptions());
    }
}
