using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using MLNet.Softmax.Numerics;

namespace Benchmarks;

/// <summary>
/// Names the kernels' operations that the compiler calls where they should be part of the caller: it inlines only so much into one method,
/// and a loop that is left with calls takes several times as long, with the same results.
/// </summary>
internal static class InliningCheck
{
    private const string NoTiers = "DOTNET_TieredCompilation";

    /// <summary>Returns 0 if there is none.</summary>
    public static int Run(TextWriter output)
    {
        if (!Fma.IsSupported && !AdvSimd.IsSupported)
        {
            output.WriteLine("This processor has no fused multiply-add, without which operations are calls.");
            return 0;
        }

        // Without tiers all code is compiled once and for all, so that whatever is compiled by itself is called by some optimised method.
        if (Environment.GetEnvironmentVariable(NoTiers) != "0")
            return OwnProcess.ExitCode(NoTiers, "0", [.. Environment.GetCommandLineArgs().Skip(1)]);
        using var compiled = new CompiledMethods();
        RunKernels();

        // The last events are on their way.
        Thread.Sleep(500);
        var calls = InlinedMethods().Where(compiled.Contains).Order().ToArray();
        foreach (var call in calls)
            output.WriteLine(call);
        output.WriteLine($"{calls.Length} operations are called that should be inlined, of {compiled.Count} methods compiled.");
        return calls.Length == 0 ? 0 : 1;
    }

    private static void RunKernels()
    {
        foreach (var classCount in (int[])[.. Enumerable.Range(1, 70), 100, 128, 130, 200, 256, 257, 1_000, 3_000, 50_000])
        {
            foreach (var apart in (float[])[0f, 100f, 1e6f])
            {
                var rowCount = Math.Max(3, 4_000 / classCount);
                var scores = new float[rowCount * classCount];
                for (var i = 0; i < scores.Length; i++)
                    scores[i] = (i % 7) + (i / classCount % 3 * apart);
                var (results, labels, top) = (new float[scores.Length], new int[rowCount], new int[rowCount]);
                foreach (var temperature in (float[])[1f, 1.5f])
                {
                    Softmax.Rows(scores, classCount, results, temperature);
                    LogSoftmax.Rows(scores, classCount, results, temperature);
                    Softmax.Compute(scores.AsSpan(0, classCount), results, temperature);
                    LogSoftmax.Compute(scores.AsSpan(0, classCount), results, temperature);
                }

                CrossEntropy.Rows(scores, classCount, labels);
                CrossEntropy.RowsWithGradient(scores, classCount, labels, results);
                var (k, indices) = (Math.Min(5, classCount), new int[scores.Length]);
                TopK.Rows(scores, classCount, 1, top, results);
                TopK.Rows(scores, classCount, k, indices, results);
                TopK.Rows(scores, classCount, Math.Min(20, classCount), indices, results);
            }
        }

        // Written apart from the scores, and from a line's beginning on, all go past the caches.
        var tooMany = new float[1 << 23];
        var room = GC.AllocateArray<float>(tooMany.Length + 16, pinned: true);
        var start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(room, 0) & 63) / sizeof(float);
        foreach (var classCount in (int[])[3, 4, 5, 6, 8, 10, 16, 20, 40, 64, 100, 200, 1_000, 10_000])
        {
            var scores = tooMany.AsSpan(0, tooMany.Length / classCount * classCount);
            foreach (var apart in (float[])[0f, 1e6f])
            {
                for (var row = 0; row < scores.Length / classCount; row++)
                    scores.Slice(row * classCount, classCount).Fill(row % 2 * apart);
                Softmax.Rows(scores, classCount, room.AsSpan(start));
                LogSoftmax.Rows(scores, classCount, room.AsSpan(start));
                LogSoftmax.Rows(scores, classCount, room.AsSpan(start), 1.5f);
                CrossEntropy.Rows(scores, classCount, new int[scores.Length / classCount]);
                CrossEntropy.RowsWithGradient(scores, classCount, new int[scores.Length / classCount], room.AsSpan(start));
            }
        }
    }

    /// <summary>Those of whose overloads none is meant to be called.</summary>
    private static IEnumerable<string> InlinedMethods()
        => from type in typeof(Softmax).Assembly.GetTypes()
           from method in type.GetMethods(
               BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           group method by $"{type.FullName}.{method.Name}" into overloads
           where overloads.All(method => method.GetMethodImplementationFlags().HasFlag(MethodImplAttributes.AggressiveInlining))
           select overloads.Key;

    private sealed class CompiledMethods : EventListener
    {
        private const EventKeywords Compilation = (EventKeywords)0x10;
        private readonly ConcurrentDictionary<string, bool> names = new();

        public int Count => names.Count;

        public bool Contains(string name) => names.ContainsKey(name);

        protected override void OnEventSourceCreated(EventSource source)
        {
            if (source.Name == "Microsoft-Windows-DotNETRuntime")
                EnableEvents(source, EventLevel.Verbose, Compilation);
        }

        protected override void OnEventWritten(EventWrittenEventArgs written)
        {
            if (written.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) != true)
                return;
            var type = (string)written.Payload![written.PayloadNames!.IndexOf("MethodNamespace")]!;
            names[$"{type.Split('[')[0]}.{written.Payload[written.PayloadNames.IndexOf("MethodName")]}"] = true;
        }
    }
}
