using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax;

/// <summary>Evaluates a data view: one cursor and one evaluator a thread, merged at the end.</summary>
internal static class DataViewEvaluation
{
    public static ProbabilityMetrics Evaluate(IDataView data, EvaluatedColumns columns, ProbabilityEvaluationOptions options)
    {
        var threads = options.MaxDegreeOfParallelism == -1 ? Environment.ProcessorCount : options.MaxDegreeOfParallelism;
        var cursors = data.GetRowCursorSet(columns.All, threads);
        var refusal = new FirstRefusal();
        var shares = Array.ConvertAll(cursors, _ => new EvaluatedShare(columns, options, refusal));
        try
        {
            Read(cursors, shares);
        }
        finally
        {
            foreach (var cursor in cursors)
                cursor.Dispose();
        }

        refusal.ThrowIfAny();
        var evaluator = shares[0].Evaluator;
        foreach (var share in shares[1..])
            evaluator.Merge(share.Evaluator);
        return evaluator.ToMetrics();
    }

    private static void Read(DataViewRowCursor[] cursors, EvaluatedShare[] shares)
    {
        if (cursors.Length == 1)
        {
            shares[0].Read(cursors[0], CancellationToken.None);
            return;
        }

        // The cursors of a set may wait for one another, so that each has a thread of its own.
        using var stop = new CancellationTokenSource();
        var readers = new Task[cursors.Length];
        for (var index = 0; index < readers.Length; index++)
        {
            var (cursor, share) = (cursors[index], shares[index]);
            readers[index] = Task.Factory.StartNew(
                () => ReadOrStopAll(cursor, share, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        Task.WhenAll(readers).GetAwaiter().GetResult();
    }

    private static void ReadOrStopAll(DataViewRowCursor cursor, EvaluatedShare share, CancellationTokenSource stop)
    {
        try
        {
            share.Read(cursor, stop.Token);
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }
}
