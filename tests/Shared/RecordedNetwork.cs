using System.Globalization;
using System.Text.Json;

namespace MLNet.Softmax.TestSupport;

/// <summary>
/// Recorded scores of a network with the labels, and what scikit-learn, SciPy and PyTorch compute from them: the first half of the rows is
/// for fitting, the second for testing. "digits" is in tests/Data; "cifar10-wideresnet" and "cifar10-vgg16" are beside the repository.
/// </summary>
internal sealed class RecordedNetwork
{
    public const int ClassCount = 10;

    public static readonly TheoryData<string> Names = ["digits", "cifar10-wideresnet", "cifar10-vgg16"];

    private static readonly Dictionary<string, RecordedNetwork> Loaded = [];

    private RecordedNetwork(string name)
    {
        HasLogits = name == "digits";
        var scores = HasLogits ? Repository.TestData("digits/digits-logits.csv") : Repository.SharedData($"{name}.csv");
        var rows = File.ReadLines(scores).Skip(1).Select(line => line.Split(',')).ToArray();
        Labels = [.. rows.Select(row => int.Parse(row[0], CultureInfo.InvariantCulture))];
        Scores = [.. rows.SelectMany(row => row.Skip(1)).Select(score => float.Parse(score, CultureInfo.InvariantCulture))];
        Probabilities = HasLogits ? [.. Scores.Chunk(ClassCount).SelectMany(Softmax)] : Scores;
        Reference = HasLogits
            ? JsonDocument.Parse(File.ReadAllText(Repository.TestData("digits/digits-references.json"))).RootElement
            : JsonDocument.Parse(File.ReadAllText(Repository.SharedData("references.json"))).RootElement.GetProperty(name);
    }

    /// <summary>True if <see cref="Scores"/> are logits; false if they are probabilities.</summary>
    public bool HasLogits { get; }

    public int[] Labels { get; }

    public float[] Scores { get; }

    public float[] Probabilities { get; }

    public JsonElement Reference { get; }

    public int HalfRows => Labels.Length / 2;

    public ReadOnlySpan<float> TestProbabilities => Probabilities.AsSpan(HalfRows * ClassCount);

    public ReadOnlySpan<int> TestLabels => Labels.AsSpan(HalfRows);

    /// <summary>The reference's mean negative log-likelihood of the fitting rows at the fitted temperature.</summary>
    public double FitLoss => HasLogits ? Number("fitNll", "after") : Number("calibrationNll");

    public static RecordedNetwork Load(string name)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue(name, out var network))
                Loaded[name] = network = new RecordedNetwork(name);
            return network;
        }
    }

    public double Number(params string[] path) =>
        path.Aggregate(Reference, (element, name) => element.GetProperty(name)).GetDouble();

    /// <summary>The metrics that the reference has of "all" rows, of "testBefore" or of "testAfter" the temperature.</summary>
    public Dictionary<string, double> Metrics(string part) => Reference.GetProperty(part).EnumerateObject()
        .Where(entry => entry.Name != "rows").ToDictionary(entry => entry.Name, entry => entry.Value.GetDouble());

    /// <summary>The second half's logits, as the fit sees them.</summary>
    public float[] TestLogits() => HasLogits
        ? Scores[(HalfRows * ClassCount)..]
        : [.. TestProbabilities.ToArray().Select(p => MathF.Log(MathF.Max(p, 1.17549435e-38f)))];

    private static IEnumerable<float> Softmax(float[] logits)
    {
        var terms = logits.Select(logit => Math.Exp(logit - (double)logits.Max())).ToArray();
        var sum = terms.Sum();
        return terms.Select(term => (float)(term / sum));
    }
}
