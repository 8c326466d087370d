using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Benchmarks;

/// <summary>The tables of results, in Markdown: the time of another way divided by ours, medians of turns taken.</summary>
internal static class Report
{
    public static readonly int[] ClassCounts = [2, 3, 5, 10, 16, 100, 1000, 32000];

    private static readonly Way Ours = new("ours, ns per float", work => work.Softmax);
    private static readonly Way SoftMax = new("TensorPrimitives.SoftMax", work => work.TensorPrimitivesSoftMax);
    private static readonly Way Blocks = new("TensorPrimitives blocks", work => work.TensorPrimitivesBlocks);
    private static readonly Way Loop = new("plain loop", work => work.PlainLoop);
    private static readonly Way Copy = new("memory copy", work => work.Copy);
    private static readonly Way TwoThreads = new("ours, two threads", work => work.SoftmaxOnTwoThreads);
    private static readonly Way LogSoftmax = new("our log-softmax", work => work.LogSoftmax);

    public static void Write(TextWriter output)
    {
        var bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        output.WriteLine($"Processor: {ProcessorName()}, {Environment.ProcessorCount} processors; .NET {Environment.Version}; "
            + $"vectors of {bits} bits; {RuntimeInformation.OSDescription}.");
        var longTurns = new SideBySide(TimeSpan.FromMilliseconds(2), 31);
        Table(output, $"Softmax of {Workload.InCache} floats, in cache", Workload.InCache, longTurns,
            [Ours, SoftMax, Blocks, Loop, new("LINQ", work => work.Linq), Copy,
                new("ours, mixed magnitudes", work => work.SoftmaxOfMixedMagnitudes), TwoThreads, LogSoftmax,
                new("our cross-entropy", work => work.CrossEntropy)]);
        Table(output, $"Softmax of {Workload.OutOfCache} floats, out of cache", Workload.OutOfCache,
            new SideBySide(TimeSpan.FromMilliseconds(1), 9), [Ours, SoftMax, Copy, TwoThreads, LogSoftmax]);
        Table(output, "One row a call, different rows in turn", Workload.InCache, longTurns,
            [Ours with { Of = work => work.SoftmaxRowByRow }, SoftMax, Blocks, Loop]);
        TopK(output);
        Pipeline(output);
    }

    private static void Table(TextWriter output, string title, int total, SideBySide turns, Way[] ways)
    {
        Heading(output, title, [.. ways.Select(way => way.Column)]);
        foreach (var classes in ClassCounts)
        {
            using var work = new Workload(total, classes);
            Row(output, work, turns.Run([.. ways.Select(way => way.Of(work))]));
        }
    }

    private static void TopK(TextWriter output)
    {
        Heading(output, "Top-k, many different rows, in cache", "ours, ns per float", "sort", "LINQ");
        var turns = new SideBySide(TimeSpan.FromMilliseconds(2), 9);
        foreach (var classes in (int[])[10, 100, 1000, 32000])
        {
            using var work = new Workload(Workload.TopKLength(classes), classes);
            foreach (var k in (int[])[1, 5, 10])
                Row(output, work, turns.Run(() => work.TopK(k), () => work.SortTopK(k), () => work.LinqTopK(k)), $", k = {k}");
        }
    }

    /// <summary>One row through ML.NET, side by side: over a cached view with a cursor, and through PredictionEngine.</summary>
    public static void Pipeline(TextWriter output)
    {
        Heading(output, "One row through ML.NET, in nanoseconds (and bytes allocated)",
            "way", "cursor over a cached view", "PredictionEngine");
        foreach (var classes in (int[])[10, 1000])
        {
            var work = new PipelineWorkload(classes == 10 ? 20_000 : 1_000, classes);
            var view = TimesAndBytes(work, way => way.View);
            var engine = TimesAndBytes(work, way => way.Engine);
            for (var i = 0; i < work.Ways.Count; i++)
                output.WriteLine($"| {classes} | {work.Ways[i].Name} | {view[i]} | {engine[i]} |");
            output.Flush();
        }
    }

    private static string[] TimesAndBytes(PipelineWorkload work, Func<PipelineWay, Func<float>> side)
    {
        Action[] contenders = [.. work.Ways.Select(side).Select<Func<float>, Action>(run => () => run())];
        var results = new SideBySide(TimeSpan.FromMilliseconds(5), 15).Run(contenders);
        return [.. results.Zip(
            contenders, (result, run) => $"{result.Nanoseconds / work.RowCount:F0} ({AllocatedBytes(run) / work.RowCount})")];
    }

    /// <summary>On all threads: ML.NET's own cursors read ahead on threads of their own.</summary>
    private static long AllocatedBytes(Action action)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        action();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static void Heading(TextWriter output, string title, params ReadOnlySpan<string> columns)
    {
        output.WriteLine();
        output.WriteLine($"## {title}");
        output.WriteLine();
        output.WriteLine($"| classes | {string.Join(" | ", columns!)} |");
        output.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", columns.Length))}");
    }

    private static void Row(TextWriter output, Workload work, (double Nanoseconds, double Ratio)[] results, string note = "")
    {
        var ours = results[0].Nanoseconds / work.Length;
        var ratios = string.Join(" | ", results.Skip(1).Select(result => result.Ratio.ToString("F2")));
        output.WriteLine($"| {work.ClassCount}{note} | {ours:F3} | {ratios} |");
        output.Flush();
    }

    private static string ProcessorName() => File.Exists("/proc/cpuinfo")
        ? string.Join(", ", File.ReadLines("/proc/cpuinfo").Where(line => line.StartsWith("model name", StringComparison.Ordinal)
            || line.StartsWith("cpu family", StringComparison.Ordinal) || line.StartsWith("model\t", StringComparison.Ordinal))
            .Distinct().Select(line => line.Replace("\t", "", StringComparison.Ordinal)))
        : "unknown";

    /// <summary>A column of a table: a way to do a whole workload.</summary>
    private sealed record Way(string Column, Func<Workload, Action> Of);
}
