using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Numerics.Tests.Calibration;

internal static class RecordedRows
{
    /// <summary>The first half of a recorded network's rows, to fit a calibration on.</summary>
    public static CalibrationRows FittingRows(this RecordedNetwork network) => CalibrationRows.From(
        network.Scores.AsSpan(0, network.HalfRows * RecordedNetwork.ClassCount), network.Labels.AsSpan(0, network.HalfRows),
        RecordedNetwork.ClassCount, network.HasLogits ? RowScores.Logits : RowScores.Probabilities);
}
