using BenchmarkDotNet.Attributes;

namespace Benchmarks;

/// <summary>Softmax of many rows whose values fit the second-level cache.</summary>
public class SoftmaxInCache
{
    private Workload work = null!;

    [Params(2, 3, 5, 10, 16, 100, 1000, 32000)]
    public int Classes { get; set; }

    [GlobalSetup]
    public void Setup() => work = new Workload(Workload.InCache, Classes);

    [GlobalCleanup]
    public void Cleanup() => work.Dispose();

    [Benchmark(Baseline = true)]
    public void Ours() => work.Softmax();

    [Benchmark]
    public void OursLogSoftmax() => work.LogSoftmax();

    [Benchmark]
    public void OursCrossEntropy() => work.CrossEntropy();

    [Benchmark]
    public void TensorPrimitivesSoftMax() => work.TensorPrimitivesSoftMax();

    [Benchmark]
    public void TensorPrimitivesBlocks() => work.TensorPrimitivesBlocks();

    [Benchmark]
    public void PlainLoop() => work.PlainLoop();

    [Benchmark]
    public void Linq() => work.Linq();

    [Benchmark]
    public void MemoryCopy() => work.Copy();
}

/// <summary>Softmax of many rows that come from memory and go there.</summary>
public class SoftmaxOutOfCache
{
    private Workload work = null!;

    [Params(2, 3, 5, 10, 16, 100, 1000, 32000)]
    public int Classes { get; set; }

    [GlobalSetup]
    public void Setup() => work = new Workload(Workload.OutOfCache, Classes);

    [GlobalCleanup]
    public void Cleanup() => work.Dispose();

    [Benchmark(Baseline = true)]
    public void Ours() => work.Softmax();

    [Benchmark]
    public void OursOnTwoThreads() => work.SoftmaxOnTwoThreads();

    [Benchmark]
    public void TensorPrimitivesSoftMax() => work.TensorPrimitivesSoftMax();

    [Benchmark]
    public void MemoryCopy() => work.Copy();
}

/// <summary>One row a call, over rows that differ.</summary>
public class SoftmaxSingleRow
{
    private Workload work = null!;

    [Params(2, 3, 5, 10, 16, 100, 1000, 32000)]
    public int Classes { get; set; }

    [GlobalSetup]
    public void Setup() => work = new Workload(Workload.InCache, Classes);

    [GlobalCleanup]
    public void Cleanup() => work.Dispose();

    [Benchmark(Baseline = true)]
    public void Ours() => work.SoftmaxRowByRow();

    [Benchmark]
    public void TensorPrimitivesSoftMax() => work.TensorPrimitivesSoftMax();

    [Benchmark]
    public void PlainLoop() => work.PlainLoop();
}

/// <summary>The k largest of each of many rows.</summary>
public class TopKBenchmark
{
    private Workload work = null!;

    [Params(10, 100, 1000, 32000)]
    public int Classes { get; set; }

    [Params(1, 5, 10)]
    public int K { get; set; }

    [GlobalSetup]
    public void Setup() => work = new Workload(Workload.TopKLength(Classes), Classes);

    [GlobalCleanup]
    public void Cleanup() => work.Dispose();

    [Benchmark(Baseline = true)]
    public void Ours() => work.TopK(K);

    [Benchmark]
    public void Sort() => work.SortTopK(K);

    [Benchmark]
    public void Linq() => work.LinqTopK(K);
}
