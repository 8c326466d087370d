using BenchmarkDotNet.Attributes;

namespace Benchmarks;

/// <summary>100,000 rows of 10 classes, or as many scores of 1,000, through ML.NET with a cursor.</summary>
[MemoryDiagnoser]
public class PipelineBenchmark
{
    private Func<float>[] ways = [];

    [Params(10, 1000)]
    public int Classes { get; set; }

    [GlobalSetup]
    public void Setup() => ways = [.. new PipelineWorkload(1_000_000 / Classes, Classes).Ways.Select(way => way.View)];

    [Benchmark]
    public float ReadScoresOnly() => ways[0]();

    [Benchmark(Baseline = true)]
    public float Ours() => ways[1]();

    [Benchmark]
    public float CustomMappingByHand() => ways[2]();

    [Benchmark]
    public float CustomMappingLinq() => ways[3]();

    [Benchmark]
    public float ApplyOnnxModel() => ways[4]();
}
