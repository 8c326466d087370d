using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Benchmarks;

/// <summary>Times everything; see README.md beside this file.</summary>
internal static class Program
{
    public static void Main(string[] args)
    {
        switch (args)
        {
            case ["--side-by-side"]:
                Report.Write(Console.Out);
                break;
            case ["--pipeline"]:
                Report.Pipeline(Console.Out);
                break;
            case ["--inlining"]:
                Environment.ExitCode = InliningCheck.Run(Console.Out);
                break;
            case ["--serve"]:
                PeerServer.Run(Console.In, Console.Out);
                break;
            case ["--evaluation"]:
                EvaluationThroughput.Run();
                break;
            case ["--calibration"]:
                CalibrationCost.Run();
                break;
            case ["--quick"]:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
                .Run(["--filter", "*InCache*", "*SingleRow*", "*TopK*", "*Pipeline*"], Quick());
                break;
            default:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
                break;
        }
    }

    /// <summary>In this process, and just long enough to see a factor of two.</summary>
    private static ManualConfig Quick() => ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.Default
        .WithToolchain(InProcessEmitToolchain.Instance)
        .WithWarmupCount(1)
        .WithIterationCount(3)
        .WithIterationTime(TimeInterval.FromMilliseconds(15)));
}
