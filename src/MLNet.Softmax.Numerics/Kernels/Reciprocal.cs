namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>1 / T as the sum of two floats.</summary>
internal readonly record struct Reciprocal
{
    public Reciprocal(float temperature)
    {
        var exact = 1.0 / temperature;
        High = (float)exact;
        Low = (float)(exact - High);
    }

    public float High { get; }

    public float Low { get; }
}
