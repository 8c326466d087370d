using System.Collections.Immutable;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>A fitted isotonic calibration: each class's probability goes through its own curve, then the row is renormalised.</summary>
/// <param name="Curves">One curve a class.</param>
/// <param name="LossBefore">Mean negative log-likelihood (natural logarithm) on the fitting rows before calibration.</param>
/// <param name="LossAfter">The same after it. On other rows it can be infinite: a curve may begin at 0.</param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
public sealed record IsotonicFit(
    ImmutableArray<IsotonicCurve> Curves, double LossBefore, double LossAfter, long RowsUsed, RowsLeftOut RowsLeftOut);
