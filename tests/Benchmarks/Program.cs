using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Benchmarks;
using Perfolizer.Horology;

// Times everything; see README.md beside this file.
Action run = args switch
{
    ["--side-by-side", .. var tables] => () => Report.Write(Console.Out, tables),
    ["--threads"] => () => Report.Threads(Console.Out),
    ["--pipeline"] => () => Report.Pipeline(Console.Out),
    ["--inlining"] => () => Environment.ExitCode = InliningCheck.Run(Console.Out),
    [FirstSecond.Argument] => () => FirstSecond.Run(Console.Out),
    [FirstSecond.Argument, var operation, var classes] =>
        () => FirstSecond.Measure(Console.Out, operation, int.Parse(classes, CultureInfo.InvariantCulture)),
    ["--serve"] => () => PeerServer.Run(Console.In, Console.Out),
    ["--evaluation"] => EvaluationThroughput.Run,
    ["--calibration"] => CalibrationCost.Run,
    ["--layers", .. var named] => () => Layers.Run(named),
    ["--growth", .. var named] => () => Growth.Run(named),
    ["--quick"] => () => RunBenchmarks(["--filter", "*InCache*", "*SingleRow*", "*TopK*", "*Pipeline*"], Quick()),
    _ => () => RunBenchmarks(args, null),
};
run();

static void RunBenchmarks(string[] args, IConfig? config) => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);

// In this process, and just long enough to see a factor of two.
static ManualConfig Quick() => ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithWarmupCount(1)
    .WithIterationCount(3)
    .WithIterationTime(TimeInterval.FromMilliseconds(15)));
