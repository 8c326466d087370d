namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The vector widths that the kernels exist in, and plain loops in double precision.</summary>
internal enum KernelPath
{
    Scalar,
    Vector128,
    Vector256,
    Vector512,
}
