using Microsoft.ML;
using MLNet.Softmax;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Numerics.Metrics;

namespace MulticlassEvaluation.Scores;

/// <summary>What came of a file: the evaluation, and where a temperature was asked for, the fit and the evaluation without it.</summary>
internal sealed record ScoreFileResult(ProbabilityMetrics Metrics, ProbabilityMetrics? Before, TemperatureFit? Fit);

/// <summary>Reads a file of scores once, from top to bottom, and evaluates as it goes.</summary>
internal sealed class ScoreFileEvaluation(ScoreFileSettings settings)
{
    private string FileName => Path.GetFileName(settings.Path);

    public ScoreFileResult Run(IProgress<double> progress)
    {
        long fittingRows = settings.CalibrateOn is { } share ? FittingRows(share) : 0;
        using var reader = new ScoreFileReader(settings.Path, settings.Columns, new ScoreRules(settings.ScoreKind));
        var rows = new ScoreRows(reader.Header.Classes.Length);
        var fit = fittingRows == 0 ? null : Fit(reader, rows, fittingRows, progress);
        var leftOutOfFit = reader.LeftOut;

        var before = CreateEvaluator(reader.Header);
        var after = fit is null ? null : CreateEvaluator(reader.Header);
        var probabilities = new float[ScoreRows.Capacity * rows.ClassCount];
        while (reader.Read(rows, long.MaxValue))
        {
            Evaluate(before, rows, probabilities, temperature: 1);
            if (after is not null)
                Evaluate(after, rows, probabilities, (float)fit!.Temperature);
            progress.Report(reader.ShareRead);
        }

        var leftOut = new RowsLeftOut(
            reader.LeftOut.MissingLabel - leftOutOfFit.MissingLabel, 0, reader.LeftOut.NotFinite - leftOutOfFit.NotFinite, 0, 0);
        before.LeaveOut(leftOut);
        after?.LeaveOut(leftOut);
        return after is null
            ? new ScoreFileResult(before.ToMetrics(), null, null)
            : new ScoreFileResult(after.ToMetrics(), before.ToMetrics(), fit);
    }

    /// <summary>How many rows to fit on, at least one and not all of them.</summary>
    private long FittingRows(double share)
    {
        using var reader = new ScoreFileReader(settings.Path, settings.Columns, new ScoreRules(settings.ScoreKind));
        long rows = reader.CountRows();
        return rows < 2
            ? throw new FormatException($"{FileName} has {rows} rows; --calibrate-on needs some to fit on and some to evaluate.")
            : Math.Clamp((long)(rows * share), 1, rows - 1);
    }

    private TemperatureFit Fit(ScoreFileReader reader, ScoreRows rows, long count, IProgress<double> progress)
    {
        var heldOut = settings.ScoreKind == ScoreKind.Logits
            ? CalibrationRows.OfLogits(rows.ClassCount)
            : CalibrationRows.OfProbabilities(rows.ClassCount);
        while (reader.RowsRead < count && reader.Read(rows, count - reader.RowsRead))
        {
            for (int row = 0; row < rows.Count; row++)
                heldOut.Add(rows.Scores.Slice(row * rows.ClassCount, rows.ClassCount), rows.Labels[row]);
            progress.Report(reader.ShareRead);
        }

        return TemperatureScaling.Fit(heldOut);
    }

    private void Evaluate(ProbabilityEvaluator evaluator, ScoreRows rows, float[] probabilities, float temperature)
    {
        var destination = probabilities.AsSpan(0, rows.Scores.Length);
        rows.Scores.CopyTo(destination);
        if (settings.ScoreKind == ScoreKind.Probabilities && temperature != 1)
            Probabilities.ToLogits(rows.Scores, destination);
        if (settings.ScoreKind == ScoreKind.Logits || temperature != 1)
            Softmax.Rows(destination, rows.ClassCount, destination, temperature);
        evaluator.Add(new ProbabilityBlock(destination, rows.ClassCount, rows.Labels), rows.Numbers, rows.Names);
    }

    private ProbabilityEvaluator CreateEvaluator(ScoreFileHeader header)
    {
        var names = settings.ClassNames ?? header.ClassNames;
        if (names.Count != header.ClassNames.Length)
            throw new FormatException($"--class-names gives {names.Count} names, but {FileName} has {header.ClassNames.Length} classes.");
        var options = settings.IsStreaming ? ProbabilityEvaluationOptions.Streaming() : new ProbabilityEvaluationOptions();
        return new ProbabilityEvaluator(names, options);
    }
}
