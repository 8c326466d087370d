using Microsoft.ML;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Metrics;
using MulticlassEvaluation;

namespace MLNet.Softmax.Fuzz;

/// <summary>A score file, as the tool reads and evaluates it.</summary>
internal static class ScoreFileTarget
{
    /// <summary>What the reader lets through, the evaluation takes. Any error but a FormatException that names the file is a bug.</summary>
    public static void Evaluate(string file, ScoreKind kind)
    {
        using var reader = new ScoreFileReader(Settings(file, kind));
        var evaluator = new ProbabilityEvaluator(reader.ClassNames, ProbabilityEvaluationOptions.Streaming());
        var probabilities = new float[reader.Capacity * reader.ClassCount];
        while (reader.Read(long.MaxValue))
        {
            var rows = probabilities.AsSpan(0, reader.Rows.Scores.Length);
            reader.Rows.Scores.CopyTo(rows);
            if (kind == ScoreKind.Logits)
                Numerics.Softmax.Rows(rows, reader.ClassCount, rows);
            evaluator.Add(new ProbabilityBlock(rows, reader.ClassCount, reader.Rows.Labels), reader.Rows.Numbers, reader.Rows.Names);
        }

        evaluator.LeaveOut(reader.LeftOut);
        var metrics = evaluator.ToMetrics();
        if (reader.RowsRead != metrics.RowsUsed + metrics.RowsLeftOut.Total)
            throw new NotSupportedException($"{reader.RowsRead} rows were read, but the evaluation says otherwise: {metrics}");
    }

    public static ScoreFileSettings Settings(string file, ScoreKind kind) => new(
        file, "Label", RowName: null, ScoreColumns: null, kind, CalibrateOn: null, IsStreaming: true, ClassNames: null);
}
