namespace MLNet.Softmax.Numerics;

internal static class VectorSupport
{
    /// <summary>
    /// Whether plain loops are faster than vectors: in a browser, where .NET is interpreted, an operation on a vector takes up to ten times
    /// as long as one on each of its values.
    /// </summary>
    public static bool IsInterpreted => OperatingSystem.IsBrowser();
}
