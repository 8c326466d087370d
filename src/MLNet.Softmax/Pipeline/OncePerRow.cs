using Microsoft.ML;

namespace MLNet.Softmax.Pipeline;

/// <summary>
/// Runs a computation at most once per row, however many of the columns that share it are read. A computation that throws runs again.
/// </summary>
internal sealed class OncePerRow(DataViewRow row, Action compute)
{
    private long _computedAt = long.MinValue;

    public void Ensure()
    {
        var position = row.Position;
        if (position == _computedAt) return;
        // Not remembered before it has succeeded.
        _computedAt = long.MinValue;
        compute();
        _computedAt = position;
    }
}
