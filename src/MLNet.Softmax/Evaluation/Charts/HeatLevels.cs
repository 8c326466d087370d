namespace MLNet.Softmax.Charts;

/// <summary>
/// The steps of shade in a heat map. They are finer where shares are small, so that a confusion of two rows in a hundred
/// does not look like none.
/// </summary>
internal static class HeatLevels
{
    /// <summary>Where one shade ends and the next begins. Level 0 is for nothing at all.</summary>
    public static readonly IReadOnlyList<double> Limits = [0, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75];

    public static int Count => Limits.Count + 1;

    /// <summary>The level of a share: 0 for exactly none (or an undefined share), up to 8 for more than three quarters.</summary>
    public static int Of(double share) => Limits.Count(limit => share > limit);
}
