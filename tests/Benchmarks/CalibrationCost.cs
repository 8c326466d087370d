using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Numerics;
using MLNet.Softmax.Numerics.Calibration;

namespace Benchmarks;

/// <summary>
/// What a fit, of a temperature first of all, on 1,000,000 rows of 10 classes costs, in passes that compute the loss once: over arrays and
/// through a data view, in processor time, which a busy machine disturbs less than the clock. And what memory the fit holds at its peak.
/// </summary>
internal static class CalibrationCost
{
    private const int RowCount = 1_000_000;
    private const int ClassCount = 10;
    private const int Turns = 5;
    private const double CostLimit = 12;
    private const double MemoryLimit = 1.25 * RowCount * ClassCount * sizeof(float) + 64 * 1024 * 1024;

    public static void Run()
    {
        var (scores, labels) = ScaledLogits.Draw(RowCount, ClassCount);
        var mlContext = new MLContext(1);
        var view = LabelledRow.Cache(mlContext, ClassCount, labels.Select((label, row) =>
            new LabelledRow { Score = scores[(row * ClassCount)..((row + 1) * ClassCount)], Label = (uint)label + 1 }));
        var estimator = mlContext.MulticlassClassification.Calibrators.Temperature(scoreKind: ScoreKind.Logits);
        CalibrationRows? rows = null;
        (string Name, Action Work)[] contestants =
        [
            ("plain pass over arrays, scalar loop", () => ScaledLogits.PlainPass(scores, labels, ClassCount)),
            ("the library's CrossEntropy.Rows", () => CrossEntropy.Rows(scores, ClassCount, labels)),
            ("collect the rows", () => rows = CalibrationRows.FromLogits(scores, labels, ClassCount)),
            ("TemperatureScaling.Fit", () => TemperatureScaling.Fit(rows!)),
            ("plain pass over the data view", () => PlainPass(view)),
            ("Calibrators.Temperature().Fit(data view)", () => estimator.Fit(view)),
            ("VectorScaling.Fit", () => VectorScaling.Fit(rows!)),
            ("MatrixScaling.Fit", () => MatrixScaling.Fit(rows!)),
            ("DirichletCalibration.Fit", () => DirichletCalibration.Fit(rows!)),
            ("IsotonicCalibration.Fit", () => IsotonicCalibration.Fit(rows!)),
        ];
        double[] best = [.. SideBySide.BestOf(Turns, [.. contestants.Select(contestant => contestant.Work)])
            .Select(times => times.Processor.TotalMilliseconds)];
        Console.WriteLine($"Calibration on {RowCount:N0} rows of {ClassCount} classes; best of {Turns}, processor time");
        for (var i = 0; i < contestants.Length; i++)
            Console.WriteLine($"{contestants[i].Name,-54}{best[i],8:F1} ms");
        Ratio("collect + fit, in plain passes over arrays", (best[2] + best[3]) / best[0], CostLimit);
        Ratio("collect + fit, in passes of CrossEntropy.Rows", (best[2] + best[3]) / best[1], double.NaN);
        Ratio("fit of a data view, in plain passes over it", best[5] / best[4], CostLimit);
        for (var i = 6; i < contestants.Length; i++)
            Ratio($"collect + {contestants[i].Name}, in plain passes", (best[2] + best[i]) / best[0], i < 9 ? CostLimit : double.NaN);
        rows = null;
        var memory = PeakMemory(() => estimator.Fit(view));
        var verdict = memory <= MemoryLimit ? "" : "  EXCEEDED";
        Console.WriteLine($"{"memory of the fit at its peak",-54}{memory / 1e6,8:F1} MB (limit {MemoryLimit / 1e6:F0} MB){verdict}");
    }

    private static void Ratio(string name, double ratio, double limit) => Console.WriteLine(
        $"{name,-56}{ratio,6:F2}{(double.IsNaN(limit) ? "" : ratio <= limit ? $"    (limit {limit})" : $"    EXCEEDS {limit}")}");

    private static double PlainPass(IDataView view)
    {
        var (scoreColumn, labelColumn) = (view.Schema["Score"], view.Schema["Label"]);
        using var cursor = view.GetRowCursor([scoreColumn, labelColumn]);
        var (scoreOf, labelOf) = (cursor.GetGetter<VBuffer<float>>(scoreColumn), cursor.GetGetter<uint>(labelColumn));
        VBuffer<float> scores = default;
        uint label = 0;
        var (loss, count) = (0.0, 0);
        while (cursor.MoveNext())
        {
            scoreOf(ref scores);
            labelOf(ref label);
            loss += ScaledLogits.PlainLoss(scores.GetValues(), (int)label - 1);
            count++;
        }
        return loss / count;
    }

    /// <summary>The largest working set while the work runs, less the one before it.</summary>
    private static double PeakMemory(Action work)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        long peak = before;
        using var done = new ManualResetEventSlim();
        var watch = new Thread(() =>
        {
            while (!done.Wait(1))
            {
                process.Refresh();
                peak = Math.Max(peak, process.WorkingSet64);
            }
        });
        watch.Start();
        work();
        done.Set();
        watch.Join();
        process.Refresh();
        return Math.Max(peak, process.WorkingSet64) - before;
    }
}
