using BenchmarkDotNet.Attributes;

namespace Benchmarks;

/// <summary>Rows of so many classes; <paramref name="total"/> says how many scores they are, given the number of classes.</summary>
public abstract class RowsBenchmark(Func<int, int> total)
{
    [ParamsSource(nameof(ClassCounts))]
    public int Classes { get; set; }

    public virtual IEnumerable<int> ClassCounts => Report.ClassCounts;

    private protected Workload Work { get; private set; } = null!;

    [GlobalSetup]
    public void Setup() => Work = new Workload(total(Classes), Classes);

    [GlobalCleanup]
    public void Cleanup() => Work.Dispose();
}

/// <summary>Softmax of many rows whose values fit the second-level cache.</summary>
public class SoftmaxInCache() : RowsBenchmark(_ => Workload.InCache)
{
    [Benchmark(Baseline = true)]
    public void Ours() => Work.Softmax();

    [Benchmark]
    public void OursLogSoftmax() => Work.LogSoftmax();

    [Benchmark]
    public void OursCrossEntropy() => Work.CrossEntropy();

    [Benchmark]
    public void TensorPrimitivesSoftMax() => Work.TensorPrimitivesSoftMax();

    [Benchmark]
    public void TensorPrimitivesBlocks() => Work.TensorPrimitivesBlocks();

    [Benchmark]
    public void PlainLoop() => Work.PlainLoop();

    [Benchmark]
    public void Linq() => Work.Linq();

    [Benchmark]
    public void MemoryCopy() => Work.Copy();
}

/// <summary>Softmax of many rows that come from memory and go there.</summary>
public class SoftmaxOutOfCache() : RowsBenchmark(_ => Workload.OutOfCache)
{
    [Benchmark(Baseline = true)]
    public void Ours() => Work.Softmax();

    [Benchmark]
    public void OursOnTwoThreads() => Work.SoftmaxOnTwoThreads();

    [Benchmark]
    public void TensorPrimitivesSoftMax() => Work.TensorPrimitivesSoftMax();

    [Benchmark]
    public void MemoryCopy() => Work.Copy();
}

/// <summary>One row a call, over rows that differ.</summary>
public class SoftmaxSingleRow() : RowsBenchmark(_ => Workload.InCache)
{
    [Benchmark(Baseline = true)]
    public void Ours() => Work.SoftmaxRowByRow();

    [Benchmark]
    public void TensorPrimitivesSoftMax() => Work.TensorPrimitivesSoftMax();

    [Benchmark]
    public void PlainLoop() => Work.PlainLoop();
}

/// <summary>The k largest of each of many rows.</summary>
public class TopKBenchmark() : RowsBenchmark(Workload.TopKLength)
{
    public override IEnumerable<int> ClassCounts => [10, 100, 1000, 32000];

    [Params(1, 5, 10, Priority = 1)]
    public int K { get; set; }

    [Benchmark(Baseline = true)]
    public void Ours() => Work.TopK(K);

    [Benchmark]
    public void Sort() => Work.SortTopK(K);

    [Benchmark]
    public void Linq() => Work.LinqTopK(K);
}

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
