namespace HotDog;

/// <summary>What the command line asks for.</summary>
/// <param name="Features">The file of labelled features.</param>
/// <param name="Save">Where the trained model goes.</param>
/// <param name="Report">Where the report on the held-out photographs goes.</param>
/// <param name="Threshold">The probability of a hot dog from which the answer is "hot dog", from 0 to 1.</param>
internal sealed record HotDogSettings(string Features, string Save, string Report, float Threshold)
{
    /// <summary>Everything random follows from it: the split, the starting weights, the order of the rows.</summary>
    public const int Seed = 1;

    public static string BuiltInFeatures { get; } = Path.Combine(AppContext.BaseDirectory, "Data", "mobilenet-features.csv");
}
