using System.Diagnostics;
using System.Globalization;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Numerics.Training;

namespace Benchmarks;

/// <summary>
/// Fits and training against SciPy and scikit-learn, where python3 has them. They run in a process of their own: of theirs, only the clock
/// says something.
/// </summary>
internal static class FitLayers
{
    private static readonly string RepositoryRoot = typeof(FitLayers).Assembly
        .GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
        .OfType<System.Reflection.AssemblyMetadataAttribute>().Single(data => data.Key == nameof(RepositoryRoot)).Value!;

    public static Layer[] All { get; } =
    [
        new("Temperature, 50,000 x 10", "row", 50_000, () => Temperature(50_000, 10, Peer("SciPy's Brent", "temperature", "50000", "10"))),
        new("Temperature, 50,000 x 1,000", "row", 50_000, () => Temperature(50_000, 1_000)),
        new("Isotonic, 1,000,000 x 10", "row", 1_000_000, () => Isotonic(1_000_000, 10)),
        new("Perceptron [256, 128], an epoch on digits", "row", 1_797, Perceptron),
    ];

    private static LayerWay[] Temperature(int rowCount, int classCount, params LayerWay[] peers)
    {
        var (scores, labels) = ScaledLogits.Draw(rowCount, classCount);
        CalibrationRows? rows = null;
        return
        [
            new("a pass of CrossEntropy.Rows", () => CrossEntropy.Rows(scores, classCount, labels)),
            .. peers,
            new("collecting the rows", () => rows = CalibrationRows.FromLogits(scores, labels, classCount)),
            new("TemperatureScaling.Fit", () => TemperatureScaling.Fit(rows!)),
        ];
    }

    private static LayerWay[] Isotonic(int rowCount, int classCount)
    {
        var (scores, labels) = ScaledLogits.Draw(rowCount, classCount);
        CalibrationRows? rows = null;
        return
        [
            new("a plain pass", () => ScaledLogits.PlainPass(scores, labels, classCount)),
            new("collecting the rows", () => rows = CalibrationRows.FromLogits(scores, labels, classCount)),
            new("IsotonicCalibration.Fit", () => IsotonicCalibration.Fit(rows!)),
        ];
    }

    private static LayerWay[] Perceptron()
    {
        var file = Path.Combine(RepositoryRoot, "tests", "Data", "digits", "digits.csv");
        float[][] data = [.. File.ReadLines(file).Skip(1)
            .Select(line => line.Split(',').Select(field => float.Parse(field, CultureInfo.InvariantCulture)).ToArray())];
        var rows = new LabelledRows([.. data.Select(row => row[..^1])], [.. data.Select(row => (int)row[^1])]);
        var standardization = FeatureStandardization.Fit(rows);
        foreach (var row in rows.Features)
            standardization.Apply(row, row);
        var shape = new NetworkShape(rows.Features[0].Length, 256, 128, 10);
        var random = new Random(1);
        var parameters = shape.InitialParameters(random);
        var schedule = new TrainingSchedule([256, 128], 1, 32, 0.001f, 1, StandardizeFeatures: false);
        var epochs = new EpochRunner(shape, new TrainingObjective(1e-4f, 0, []), schedule, rows, random);
        return
        [
            .. Peer("scikit-learn's MLPClassifier", "perceptron", file),
            new("MultilayerPerceptron", () => epochs.Run(parameters)),
        ];
    }

    /// <summary>A way that peers/fits.py takes; none if it does not start.</summary>
    private static LayerWay[] Peer(string name, params string[] arguments)
    {
        var script = Path.Combine(RepositoryRoot, "tests", "Benchmarks", "peers", "fits.py");
        try
        {
            var process = Process.Start(new ProcessStartInfo("python3", [script, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            if (process.StandardOutput.ReadLine() != "ready")
                return [];
            return
            [
                new(name, () =>
                {
                    process.StandardInput.WriteLine();
                    process.StandardInput.Flush();
                    process.StandardOutput.ReadLine();
                }),
            ];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }
}

/// <summary>Logits that are too large by a known factor, and what a plain loop computes of them.</summary>
internal static class ScaledLogits
{
    private const double Temperature = 2.1;

    /// <summary>Labels drawn from the softmax of the scores, which are then multiplied by the temperature to find.</summary>
    public static (float[] Scores, int[] Labels) Draw(int rowCount, int classCount)
    {
        var random = new Random(1);
        var (scores, labels) = (new float[rowCount * classCount], new int[rowCount]);
        for (var row = 0; row < rowCount; row++)
        {
            var best = double.NegativeInfinity;
            for (var k = 0; k < classCount; k++)
            {
                var score = 6 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
                scores[row * classCount + k] = (float)(Temperature * score);
                // The largest of scores with Gumbel noise is a draw from their softmax.
                var noisy = score - Math.Log(-Math.Log(random.NextDouble()));
                if (noisy <= best) continue;
                best = noisy;
                labels[row] = k;
            }
        }
        return (scores, labels);
    }

    /// <summary>The mean cross-entropy, one score at a time.</summary>
    public static double PlainPass(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int classCount)
    {
        var loss = 0.0;
        for (var row = 0; row < labels.Length; row++)
            loss += PlainLoss(scores.Slice(row * classCount, classCount), labels[row]);
        return loss / labels.Length;
    }

    public static double PlainLoss(ReadOnlySpan<float> row, int label)
    {
        var largest = row[0];
        foreach (var score in row)
            largest = MathF.Max(largest, score);
        var sum = 0f;
        foreach (var score in row)
            sum += MathF.Exp(score - largest);
        return MathF.Log(sum) + largest - row[label];
    }
}
