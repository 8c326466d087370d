namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>A fitted rule for prediction sets.</summary>
/// <param name="Method">Which classes a set takes in.</param>
/// <param name="Coverage">The share of exchangeable rows whose set contains the true class, at least.</param>
/// <param name="Threshold">The largest nonconformity score that is taken in.</param>
/// <param name="Randomized">Whether the last class comes in by chance (APS and RAPS).</param>
/// <param name="AllowEmpty">Whether a set may be empty.</param>
/// <param name="RankPenalty">What RAPS adds for each rank beyond the free ones; 0 for the other methods.</param>
/// <param name="UnpenalizedRanks">Ranks that RAPS leaves free.</param>
/// <param name="Seed">Chooses the chance.</param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
public sealed record PredictionSetFit(
    ConformalMethod Method,
    double Coverage,
    double Threshold,
    bool Randomized,
    bool AllowEmpty,
    double RankPenalty,
    int UnpenalizedRanks,
    int Seed,
    long RowsUsed,
    RowsLeftOut RowsLeftOut);
