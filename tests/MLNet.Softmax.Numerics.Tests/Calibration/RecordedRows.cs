namespace MLNet.Softmax.Numerics.Tests.Calibration;

internal static class RecordedRows
{
    /// <summary>The first half of a recorded network's rows, to fit a calibration on.</summary>
    public static CalibrationRows FittingRows(this RecordedNetwork network)
    {
        var scores = network.Scores.AsSpan(0, network.HalfRows * RecordedNetwork.ClassCount);
        var labels = network.Labels.AsSpan(0, network.HalfRows);
        return network.HasLogits
            ? CalibrationRows.FromLogits(scores, labels, RecordedNetwork.ClassCount)
            : CalibrationRows.FromProbabilities(scores, labels, RecordedNetwork.ClassCount);
    }
}
