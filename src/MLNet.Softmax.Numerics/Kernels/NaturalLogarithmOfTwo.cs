namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>ln 2, and the two floats that make it up.</summary>
internal static class NaturalLogarithmOfTwo
{
    public const double Value = 0.6931471805599453;

    /// <summary>Too large by 2.8e-9 of itself.</summary>
    public const float High = (float)Value;

    public const float Low = (float)(Value - High);
}
