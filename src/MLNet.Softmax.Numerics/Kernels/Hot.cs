using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>How the compiler is to treat the loops that all time is spent in.</summary>
internal static class Hot
{
    /// <summary>Optimised fully at once: a method that loops long but is called seldom would otherwise be slow for its first hundred milliseconds.</summary>
    public const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization;
}
