namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Decides by label and weight whether a fit can use a row, and counts the rows that it cannot use.</summary>
internal struct LeftOutCounter
{
    private long _missingLabel;
    private long _unknownLabel;
    private long _notFinite;
    private long _invalidWeight;
    private long _zeroWeight;

    public readonly RowsLeftOut Total => new(_missingLabel, _unknownLabel, _notFinite, _invalidWeight, _zeroWeight);

    public bool Admits(int label, int classCount, float weight)
    {
        if (label < 0)
            _missingLabel++;
        else if (label >= classCount)
            _unknownLabel++;
        else if (!(weight >= 0 && float.IsFinite(weight)))
            _invalidWeight++;
        else if (weight == 0)
            _zeroWeight++;
        else
            return true;
        return false;
    }

    public void AddNotFinite() => _notFinite++;
}
