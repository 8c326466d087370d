using Microsoft.ML;

namespace HotDog;

/// <summary>Three parts that share no photograph: to train on, to calibrate on and to judge by.</summary>
internal sealed record PhotographSplit(IDataView Training, IDataView Calibration, IDataView Judging)
{
    public static PhotographSplit Of(MLContext mlContext, IDataView photographs)
    {
        var judging = mlContext.Data.TrainTestSplit(photographs, testFraction: 0.25, seed: HotDogSettings.Seed);
        // A third of the rest: a temperature wants at least 30 rows, and every photograph less to train on is felt.
        var calibration = mlContext.Data.TrainTestSplit(judging.TrainSet, testFraction: 0.33, seed: HotDogSettings.Seed);
        return new PhotographSplit(calibration.TrainSet, calibration.TestSet, judging.TestSet);
    }
}
