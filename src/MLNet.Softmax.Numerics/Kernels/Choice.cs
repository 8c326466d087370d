namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Yes or no, known to the compiler.</summary>
internal interface IChoice
{
    static abstract bool IsYes { get; }
}

internal readonly struct Yes : IChoice
{
    public static bool IsYes => true;
}

internal readonly struct No : IChoice
{
    public static bool IsYes => false;
}
