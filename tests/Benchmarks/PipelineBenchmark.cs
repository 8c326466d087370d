using BenchmarkDotNet.Attributes;

namespace Benchmarks;

/// <summary>100,000 rows through ML.NET, one at a time.</summary>
[MemoryDiagnoser]
public class PipelineBenchmark
{
    private PipelineWorkload work = null!;

    [Params(10, 1000)]
    public int Classes { get; set; }

    [GlobalSetup]
    public void Setup() => work = new PipelineWorkload(100_000 / Math.Max(1, Classes / 10), Classes);

    [Benchmark(Baseline = true)]
    public float Ours() => work.Ours();

    [Benchmark]
    public float ReadScoresOnly() => work.ReadScores();

    [Benchmark]
    public float CustomMappingByHand() => work.ByHand();

    [Benchmark]
    public float CustomMappingLinq() => work.Linq();
}
