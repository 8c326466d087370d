namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>How isotonic calibration is fitted.</summary>
public sealed class IsotonicOptions : FitOptions;
