using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Benchmarks;

/// <summary>The tables of results, in Markdown: the time of another way divided by ours, medians of turns taken.</summary>
internal static class Report
{
    public static readonly int[] ClassCounts = [2, 3, 5, 10, 16, 100, 256, 1000, 32000];

    private static readonly int[] TopKClassCounts = [10, 100, 1000, 32000];

    private static readonly Way Ours = new("ours, ns per float", work => work.Softmax);
    private static readonly Way OursInLog = new("ours, ns per float", work => work.LogSoftmax);
    private static readonly Way OnnxRuntime = new("ONNX Runtime", work => work.OnnxRuntime("Softmax"));
    private static readonly Way OnnxRuntimeInLog = new("ONNX Runtime", work => work.OnnxRuntime("LogSoftmax"));
    private static readonly Way SoftMax = new("TensorPrimitives.SoftMax", work => work.TensorPrimitivesSoftMax);
    private static readonly Way Blocks = new("TensorPrimitives blocks", work => work.TensorPrimitivesBlocks);
    private static readonly Way Loop = new("plain loop", work => work.PlainLoop);
    private static readonly Way Copy = new("memory copy", work => work.Copy);
    private static readonly Way TwoThreads = new("ours, two threads", work => work.SoftmaxOnTwoThreads);

    private static readonly SideBySide ShortTurns = new(TimeSpan.FromMilliseconds(2), 31);
    private static readonly SideBySide LongTurns = new(TimeSpan.FromMilliseconds(1), 9);

    /// <summary>The tables by their names on the command line.</summary>
    private static readonly Dictionary<string, Action<TextWriter>> Tables = new()
    {
        ["softmax"] = output => Table(output, $"Softmax of {Workload.InCache} floats, in cache", Workload.InCache, ShortTurns,
            [Ours, OnnxRuntime, SoftMax, Blocks, Loop, new("LINQ", work => work.Linq), Copy,
                new("ours, mixed magnitudes", work => work.SoftmaxOfMixedMagnitudes), TwoThreads]),
        ["log-softmax"] = output => Table(output, $"Log-softmax of {Workload.InCache} floats, in cache", Workload.InCache, ShortTurns,
            [OursInLog, OnnxRuntimeInLog]),
        ["cross-entropy"] = output => Table(output, $"Cross-entropy of {Workload.InCache} floats, in cache, against our softmax",
            Workload.InCache, ShortTurns, [Ours with { Column = "our softmax, ns per float" }, new("loss alone", work => work.CrossEntropy),
                new("with gradient", work => work.CrossEntropyWithGradient)]),
        ["out-of-cache"] = output =>
        {
            Table(output, $"Softmax of {Workload.OutOfCache} floats, out of cache", Workload.OutOfCache, LongTurns,
                [Ours, OnnxRuntime, SoftMax, Copy, TwoThreads, new("our cross-entropy", work => work.CrossEntropy),
                    new("our cross-entropy with gradient", work => work.CrossEntropyWithGradient)]);
            Table(output, $"Log-softmax of {Workload.OutOfCache} floats, out of cache", Workload.OutOfCache, LongTurns,
                [OursInLog, OnnxRuntimeInLog]);
        },
        ["row-by-row"] = output => Table(output, "One row a call, different rows in turn", Workload.InCache, ShortTurns,
            [Ours with { Of = work => work.SoftmaxRowByRow }, SoftMax, Blocks, Loop]),
        ["top-k"] = output =>
        {
            TopK(output, "in cache", Workload.TopKLength, new SideBySide(TimeSpan.FromMilliseconds(2), 9), withPlainWays: true);
            TopK(output, "out of cache", _ => Workload.OutOfCache, LongTurns, withPlainWays: false);
        },
        ["pipeline"] = Pipeline,
    };

    /// <summary>Writes the tables that are named, or all.</summary>
    public static void Write(TextWriter output, params ReadOnlySpan<string> names)
    {
        Machine(output);
        foreach (var (name, write) in Tables)
        {
            if (names.IsEmpty || names.Contains(name))
                write(output);
        }
    }

    private static void Machine(TextWriter output)
    {
        var bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        output.WriteLine($"Processor: {ProcessorName()}, {Environment.ProcessorCount} processors; .NET {Environment.Version}; "
            + $"vectors of {bits} bits; {RuntimeInformation.OSDescription}; ONNX Runtime {OnnxRuntimePeer.Version}; "
            + $"System.Numerics.Tensors {typeof(TensorPrimitives).Assembly.GetName().Version}.");
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

    private static void TopK(TextWriter output, string place, Func<int, int> length, SideBySide turns, bool withPlainWays)
    {
        string[] plain = withPlainWays ? ["sort", "LINQ"] : [];
        Heading(output, $"Top-k, many different rows, {place}", ["ours, ns per float", "ONNX Runtime", .. plain]);
        foreach (var classes in TopKClassCounts)
        {
            using var work = new Workload(length(classes), classes);
            foreach (var k in (int[])[1, 5, 10])
            {
                Action[] plainWays = withPlainWays ? [() => work.SortTopK(k), () => work.LinqTopK(k)] : [];
                Row(output, work, turns.Run([() => work.TopK(k), work.OnnxRuntimeTopK(k), .. plainWays]), $", k = {k}");
            }
        }
    }

    /// <summary>From one thread to one for each processor, out of cache: time per float, and how many times as fast as on one.</summary>
    public static void Threads(TextWriter output)
    {
        Machine(output);
        int[] counts = [.. Enumerable.Range(0, 31).Select(power => 1 << power)
            .TakeWhile(threads => threads < Environment.ProcessorCount), Environment.ProcessorCount];
        Heading(output, $"{Workload.OutOfCache} floats on so many threads, in ns per float; ONNX Runtime divided by ours",
            "threads", "softmax", "ONNX Runtime", "log-softmax", "ONNX Runtime", "cross-entropy with gradient", "copy on one thread");
        foreach (var classes in (int[])[10, 1000, 32000])
        {
            foreach (var threads in counts)
            {
                using var work = new Workload(Workload.OutOfCache, classes);
                var results = LongTurns.Run(
                    () => work.SoftmaxOn(threads), work.OnnxRuntime("Softmax", threads),
                    () => work.LogSoftmaxOn(threads), work.OnnxRuntime("LogSoftmax", threads), () => work.GradientOn(threads), work.Copy);
                string PerFloat(int way) => (results[way].Nanoseconds / work.Length).ToString("F3");
                output.WriteLine($"| {classes} | {threads} | {PerFloat(0)} | {results[1].Ratio:F2} | {PerFloat(2)} "
                    + $"| {results[3].Nanoseconds / results[2].Nanoseconds:F2} | {PerFloat(4)} | {PerFloat(5)} |");
                output.Flush();
            }
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
