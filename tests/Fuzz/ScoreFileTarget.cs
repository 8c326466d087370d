using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Tool;

namespace MLNet.Softmax.Fuzz;

/// <summary>A score file, as the tool reads and evaluates it.</summary>
internal static class ScoreFileTarget
{
    /// <summary>What the reader lets through, the evaluation takes. Any error but a FormatException that names the file is a bug.</summary>
    public static void Evaluate(string file, bool areLogits)
    {
        using var reader = new ScoreReader([file], new LayoutOptions(AreLogits: areLogits));
        var evaluator = new ProbabilityEvaluator(reader.Layout.ClassNames, ProbabilityEvaluationOptions.Streaming());
        var probabilities = new float[reader.Capacity * reader.ClassCount];
        while (reader.Read())
        {
            var rows = probabilities.AsSpan(0, reader.Scores.Length);
            reader.Scores.CopyTo(rows);
            if (areLogits)
                Numerics.Softmax.Rows(rows, reader.ClassCount, rows);
            evaluator.Add(new ProbabilityBlock(rows, reader.ClassCount, reader.Labels), reader.Numbers, reader.Names);
        }

        evaluator.LeaveOut(reader.LeftOut);
        var metrics = evaluator.ToMetrics();
        if (reader.RowsRead != metrics.RowsUsed + metrics.RowsLeftOut.Total)
            throw new NotSupportedException($"{reader.RowsRead} rows were read, but the evaluation says otherwise: {metrics}");
    }
}
