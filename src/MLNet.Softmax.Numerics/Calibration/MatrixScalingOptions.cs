namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// How matrix scaling and Dirichlet calibration are fitted: off-diagonal and intercept regularization (ODIR) after M. Kull et al.,
/// "Beyond temperature scaling", 2019, with a third strength for the diagonal.
/// </summary>
public sealed class MatrixScalingOptions : ScalingFitOptions
{
    internal static MatrixScalingOptions NoPenalty { get; } =
        new() { DiagonalRegularization = 0, OffDiagonalRegularization = 0, InterceptRegularization = 0 };

    /// <summary>
    /// The strength, at least 0, that draws the diagonal towards the inverse of the fitted temperature: the objective gains strength
    /// times the mean square of <c>W_kk - 1/T</c>. It keeps a fit finite on rows that a matrix could separate. 0.01 unless set.
    /// </summary>
    public double DiagonalRegularization { get; set; } = 1e-2;

    /// <summary>The strength, at least 0, that draws the other elements towards 0: it multiplies their mean square. 3 unless set.</summary>
    public double OffDiagonalRegularization { get; set; } = 3;

    /// <summary>The strength, at least 0, that draws the intercepts towards 0: it multiplies their mean square. 0.01 unless set.</summary>
    public double InterceptRegularization { get; set; } = 1e-2;

    internal override void Validate()
    {
        base.Validate();
        CheckStrength(DiagonalRegularization, nameof(DiagonalRegularization));
        CheckStrength(OffDiagonalRegularization, nameof(OffDiagonalRegularization));
        CheckStrength(InterceptRegularization, nameof(InterceptRegularization));
    }
}
