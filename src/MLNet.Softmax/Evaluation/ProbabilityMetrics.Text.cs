using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax;

public sealed partial class ProbabilityMetrics
{
    /// <summary>A table for the console: the headline figures with their intervals, the rows left out, and one line a class.</summary>
    /// <returns>Plain text of several lines, at most 100 characters wide; beyond 20 classes, those of the lowest F1.</returns>
    public override string ToString() => MetricsText.Of(this);
}
