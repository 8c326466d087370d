namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Compiler options for the loops in which all time is spent.</summary>
internal static class Hot
{
    /// <summary>For small steps of a loop: a call for one of them costs more than the step.</summary>
    public const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>
    /// Fully optimised at once: a method that loops long but is seldom called would otherwise be slow for its first hundred milliseconds.
    /// </summary>
    public const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization;

    /// <summary>
    /// The same without inlining, for one of several ways to process a row. The compiler inlines only a limited amount into one method;
    /// with inlining, the code that runs first in a process would decide which way keeps calls for its operations, at several times the
    /// cost.
    /// </summary>
    public const MethodImplOptions Kernel = Loop | MethodImplOptions.NoInlining;
}
