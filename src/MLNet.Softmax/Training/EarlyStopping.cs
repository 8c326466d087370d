using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>Remembers the parameters with the lowest validation loss, and says when it has not fallen for so many epochs.</summary>
internal sealed class EarlyStopping(int patience)
{
    private float[] _bestParameters = [];
    private int _epochsSinceBest;

    public int BestEpoch { get; private set; }

    public double BestLoss { get; private set; } = double.PositiveInfinity;

    public ReadOnlySpan<float> BestParameters => _bestParameters;

    /// <summary>Notes an epoch's validation loss; true when training should stop.</summary>
    public bool ShouldStop(int epoch, double validationLoss, ReadOnlySpan<float> parameters)
    {
        if (validationLoss < BestLoss)
        {
            (BestLoss, BestEpoch, _epochsSinceBest) = (validationLoss, epoch, 0);
            _bestParameters = parameters.ToArray();
            return false;
        }

        return ++_epochsSinceBest >= patience;
    }
}
