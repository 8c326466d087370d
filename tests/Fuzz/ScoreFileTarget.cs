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
        var block = reader.NewBlock();
        while (reader.Read(block))
        {
            if (areLogits)
                Numerics.Softmax.Rows(block.Scores, reader.ClassCount, block.Scores);
            evaluator.Add(new ProbabilityBlock(block.Scores, reader.ClassCount, block.Labels), block.Numbers, block.Names);
        }

        evaluator.LeaveOut(reader.LeftOut);
        var metrics = evaluator.ToMetrics();
        if (reader.RowsRead != metrics.RowsUsed + metrics.RowsLeftOut.Total)
            throw new NotSupportedException($"{reader.RowsRead} rows were read, but the evaluation says otherwise: {metrics}");
    }
}
