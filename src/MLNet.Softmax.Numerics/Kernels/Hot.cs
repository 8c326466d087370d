using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>How the compiler is to treat the loops that all time is spent in.</summary>
internal static class Hot
{
    /// <summary>
    /// Optimised fully at once: a method that loops long but is called seldom would otherwise be slow for its first hundred milliseconds.
    /// </summary>
    public const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization;

    /// <summary>
    /// The same, and never part of its caller, for one of several ways to take a row: the compiler inlines only so much into one method,
    /// and which of them is left with calls for operations, at several times the cost, would depend on what a process happens to run first.
    /// </summary>
    public const MethodImplOptions Kernel = Loop | MethodImplOptions.NoInlining;
}
