namespace MLNet.Softmax.Evaluation;

/// <summary>Evaluates a data view: one cursor and one evaluator per thread, merged at the end.</summary>
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
        columns.Labels.ThrowIfCountedFromOne();
        var evaluator = shares[0].Evaluator;
        if (columns.Warning is not null)
            evaluator.Warnings.Add(columns.Warning);
        foreach (var share in shares[1..])
            evaluator.Merge(share.Evaluator);
        var metrics = evaluator.ToMetrics();
        evaluator.Release();
        return metrics;
    }

    private static void Read(DataViewRowCursor[] cursors, EvaluatedShare[] shares)
    {
        if (cursors.Length == 1)
        {
            shares[0].Read(cursors[0], CancellationToken.None);
            return;
        }

        // The cursors of a set may wait for each other, so each has its own thread.
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

/// <summary>
/// The first row that makes a column unusable. Several cursors may find such rows at the same time; the error names the lowest id, so it
/// does not depend on which thread was faster.
/// </summary>
internal sealed class FirstRefusal
{
    private readonly Lock _lock = new();
    private ulong _row = ulong.MaxValue;
    private string? _message;

    /// <summary>Whether an earlier row was rejected, so that this one can be skipped.</summary>
    public bool IsBefore(ulong row) => Volatile.Read(ref _row) < row;

    public void Add(ulong row, string message)
    {
        lock (_lock)
        {
            if (_message is not null && row >= _row)
                return;
            Volatile.Write(ref _row, row);
            _message = message;
        }
    }

    public void ThrowIfAny()
    {
        if (_message is not null)
            throw new InvalidOperationException(_message);
    }
}
