namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>A smooth convex function: its value at a point, with its gradient written beside it.</summary>
/// <param name="point">Where.</param>
/// <param name="gradient">As long as the point; overwritten.</param>
internal delegate double ConvexObjective(ReadOnlySpan<double> point, Span<double> gradient);
