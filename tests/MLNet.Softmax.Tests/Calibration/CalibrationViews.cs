namespace MLNet.Softmax.Tests.Calibration;

/// <summary>Data views to fit calibrators on.</summary>
internal static class CalibrationViews
{
    public static readonly string[] Names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>A recorded network's scores, or its probabilities, with class names: the first half to fit, the second to test.</summary>
    public static (MemoryView Fit, MemoryView Test) Recorded(string network, bool probabilities = false)
    {
        var recorded = RecordedNetwork.Load(network);
        uint[] labels = [.. recorded.Labels.Select(label => (uint)label + 1)];
        float[][] scores = [.. (probabilities ? recorded.Probabilities : recorded.Scores).Chunk(Names.Length)];
        var half = recorded.HalfRows;
        return (Labelled(labels[..half], scores[..half], Names), Labelled(labels[half..], scores[half..], Names));
    }

    /// <summary>Key labels, 1 for the first class and 0 for a missing one, and scores whose slots have names.</summary>
    public static MemoryView Labelled(uint[] labels, float[][] scores, string[] names) => new MemoryView()
        .WithKeys("Label", names.Length, labels, Labels.KeyValues(names))
        .WithScores("Score", [names.Length], scores, Labels.SlotNames(names));

    /// <summary>
    /// Logits of three classes whose labels are drawn from their softmax, then multiplied by a temperature to find again.
    /// </summary>
    public static MemoryView Drawn(int count, double temperature, int seed = 1, string[]? names = null)
    {
        var random = new Random(seed);
        var scores = new float[count][];
        var labels = new uint[count];
        for (var row = 0; row < count; row++)
        {
            float[] logits = [.. Enumerable.Range(0, 3).Select(_ => (float)(4 * random.NextDouble() - 2))];
            var draw = random.NextDouble();
            var p = Scores.NaiveSoftmax(logits);
            labels[row] = draw < p[0] ? 1u : draw < p[0] + p[1] ? 2u : 3u;
            scores[row] = [.. logits.Select(z => (float)(z * temperature))];
        }
        return Labelled(labels, scores, names ?? ["a", "b", "c"]);
    }

    public static double LogLoss(IDataView data, string column = "Probability")
    {
        var labels = data.GetColumn<uint>("Label").ToArray();
        return data.Column(column).Select((p, row) => -Math.Log(p[labels[row] - 1])).Average();
    }

    /// <summary>The calibrator of a kind.</summary>
    public static IEstimator<ITransformer> Create(
        MulticlassCalibratorsCatalog calibrators, string kind, string? weight = null, ScalingOptions? fitting = null)
    {
        var scaling = new CalibratorOptions<ScalingOptions> { ExampleWeightColumnName = weight, Fitting = fitting ?? new() };
        return kind switch
        {
            "Temperature" => calibrators.Temperature(exampleWeightColumnName: weight),
            "VectorScaling" => calibrators.VectorScaling(scaling),
            "MatrixScaling" => calibrators.MatrixScaling(scaling),
            "Dirichlet" => calibrators.Dirichlet(scaling),
            "Isotonic" => calibrators.Isotonic(exampleWeightColumnName: weight),
            _ => calibrators.PredictionSet(probabilityColumnName: "P", exampleWeightColumnName: weight),
        };
    }
}
