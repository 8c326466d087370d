using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax;

/// <summary>
/// The first of the rows for which a column is refused. Several cursors may meet such rows at a time; the refusal names the one with the
/// lowest id, so that it does not depend on which thread was faster.
/// </summary>
internal sealed class FirstRefusal
{
    private readonly Lock _lock = new();
    private ulong _row = ulong.MaxValue;
    private string? _message;

    /// <summary>Whether a row before this one was refused, so that this one need not be looked at.</summary>
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
