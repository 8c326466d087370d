namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The vector widths that the kernels exist in.</summary>
internal enum KernelPath
{
    Scalar,
    Vector128,
    Vector256,
    Vector512,
}
