namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>A quadratic penalty on one parameter.</summary>
internal static class Ridge
{
    /// <summary>Returns strength * offset^2 and adds its derivative.</summary>
    public static double Add(double strength, double offset, ref double derivative)
    {
        derivative += 2 * strength * offset;
        return strength * offset * offset;
    }
}
