namespace MLNet.Softmax.Training;

/// <summary>Remembers the parameters with the lowest validation loss, and says when it has not fallen for so many epochs.</summary>
internal sealed class EarlyStopping(int patience)
{
    private float[] bestParameters = [];
    private int epochsSinceBest;

    public int BestEpoch { get; private set; }

    public double BestLoss { get; private set; } = double.PositiveInfinity;

    public ReadOnlySpan<float> BestParameters => bestParameters;

    /// <summary>Notes an epoch's validation loss; true when training should stop.</summary>
    public bool ShouldStop(int epoch, double validationLoss, ReadOnlySpan<float> parameters)
    {
        if (validationLoss < BestLoss)
        {
            (BestLoss, BestEpoch, epochsSinceBest) = (validationLoss, epoch, 0);
            bestParameters = parameters.ToArray();
            return false;
        }

        return ++epochsSinceBest >= patience;
    }
}
