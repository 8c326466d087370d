using System.Globalization;
using System.Text.Json;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Numerics.Tests.Calibration;

/// <summary>A real network's recorded probabilities on CIFAR-10: the first half to fit, the second to test.</summary>
internal sealed class RecordedNetwork
{
    public const int ClassCount = 10;
    public const int HalfRows = 5000;
    private static readonly Dictionary<string, RecordedNetwork> Loaded = [];

    private RecordedNetwork(string name)
    {
        var lines = File.ReadLines(Repository.SharedData($"{name}.csv")).Skip(1);
        var rows = lines.Select(line => line.Split(',')).ToArray();
        Labels = [.. rows.Select(row => int.Parse(row[0], CultureInfo.InvariantCulture))];
        Probabilities = [.. rows.SelectMany(row => row.Skip(1).Select(p => float.Parse(p, CultureInfo.InvariantCulture)))];
        Reference = JsonDocument.Parse(File.ReadAllText(Repository.SharedData("references.json"))).RootElement.GetProperty(name);
    }

    public int[] Labels { get; }

    public float[] Probabilities { get; }

    public JsonElement Reference { get; }

    public ReadOnlySpan<float> TestProbabilities => Probabilities.AsSpan(HalfRows * ClassCount);

    public ReadOnlySpan<int> TestLabels => Labels.AsSpan(HalfRows);

    public static RecordedNetwork Load(string name)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue(name, out var network))
                Loaded[name] = network = new RecordedNetwork(name);
            return network;
        }
    }

    public CalibrationRows FittingRows() =>
        CalibrationRows.FromProbabilities(Probabilities.AsSpan(0, HalfRows * ClassCount), Labels.AsSpan(0, HalfRows), ClassCount);

    public double Number(params string[] path) =>
        path.Aggregate(Reference, (element, name) => element.GetProperty(name)).GetDouble();

    /// <summary>The second half's logits, as the fit sees them.</summary>
    public float[] TestLogits() => [.. TestProbabilities.ToArray().Select(p => MathF.Log(MathF.Max(p, 1.17549435e-38f)))];
}
