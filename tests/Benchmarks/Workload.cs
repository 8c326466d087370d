using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Numerics = MLNet.Softmax.Numerics;

namespace Benchmarks;

/// <summary>Rows of normally distributed scores, somewhere to put what becomes of them, and the ways to softmax them.</summary>
internal sealed unsafe class Workload : IDisposable
{
    /// <summary>Fits the second-level cache.</summary>
    public const int InCache = 65_536;

    /// <summary>
    /// At least 4,096 rows of up to 512 classes, or the branch predictor
    /// would learn them; of longer ones as many as fit the third-level cache.
    /// </summary>
    public static int TopKLength(int classCount) => Math.Max(InCache, Math.Min(4096 * classCount, 2_097_152));

    /// <summary>Fits no cache.</summary>
    public const int OutOfCache = 16_777_216;

    // Input and output at the same place of different pages would make loads wait for unrelated stores.
    private const int Stagger = 1_088;

    private readonly float* input;
    private readonly float* output;
    private readonly int[] indices;
    private readonly int[] labels;
    private readonly List<OnnxRuntimePeer> peers = [];
    private Workload? mixed;
    private long[]? longIndices;

    public Workload(int total, int classCount, bool isMixed = false)
    {
        ClassCount = classCount;
        RowCount = Math.Max(1, total / classCount);
        input = (float*)NativeMemory.AlignedAlloc((nuint)Length * sizeof(float), 4096);
        output = (float*)NativeMemory.AlignedAlloc(((nuint)Length * sizeof(float)) + Stagger, 4096);
        indices = new int[RowCount * Math.Min(classCount, 16)];
        labels = new int[RowCount];
        var random = new Random(1);
        for (var row = 0; row < RowCount; row++)
            labels[row] = random.Next(classCount);
        for (var i = 0; i < Length; i++)
            input[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) * 3);
        if (isMixed)
            MixMagnitudes();
    }

    public int ClassCount { get; }

    public int RowCount { get; }

    public int Length => RowCount * ClassCount;

    private ReadOnlySpan<float> Input => new(input, Length);

    private Span<float> Output => new((byte*)output + Stagger, Length);

    /// <summary>The softmax of such rows, roughly every other of which is a million, or forty, away from its neighbours.</summary>
    public void SoftmaxOfMixedMagnitudes() => (mixed ??= new Workload(Length, ClassCount, isMixed: true)).Softmax();

    private void MixMagnitudes()
    {
        var random = new Random(2);
        for (var row = 0; row < RowCount; row++)
        {
            var offset = random.Next(4) switch { 0 => 1e6f, 1 => -1e6f, 2 => -40f, _ => 0f };
            TensorPrimitives.Add(
                Input.Slice(row * ClassCount, ClassCount), offset, new Span<float>(input, Length).Slice(row * ClassCount, ClassCount));
        }
    }

    public void Copy() => Input.CopyTo(Output);

    public void Softmax() => Numerics.Softmax.Rows(Input, ClassCount, Output);

    public void SoftmaxOnTwoThreads() => SoftmaxOn(2);

    public void SoftmaxOn(int threads) => Numerics.Softmax.Rows(Input, ClassCount, Output, maxDegreeOfParallelism: threads);

    public void LogSoftmaxOn(int threads) => Numerics.LogSoftmax.Rows(Input, ClassCount, Output, maxDegreeOfParallelism: threads);

    public void GradientOn(int threads)
        => Numerics.CrossEntropy.RowsWithGradient(Input, ClassCount, labels, Output, maxDegreeOfParallelism: threads);

    /// <summary>ONNX Runtime's softmax or log-softmax, from and to the same memory as ours.</summary>
    public Action OnnxRuntime(string name, int threads = 1)
        => Add(OnnxRuntimePeer.Softmax(name, input, (float*)((byte*)output + Stagger), RowCount, ClassCount, threads));

    /// <summary>ONNX Runtime's top-k.</summary>
    public Action OnnxRuntimeTopK(int k)
    {
        longIndices ??= GC.AllocateArray<long>(indices.Length, pinned: true);
        var target = (long*)Marshal.UnsafeAddrOfPinnedArrayElement(longIndices, 0);
        return Add(OnnxRuntimePeer.TopK(input, output, target, RowCount, ClassCount, k));
    }

    private Action Add(OnnxRuntimePeer peer)
    {
        peers.Add(peer);
        return peer.Run;
    }

    public void SoftmaxRowByRow()
    {
        for (var start = 0; start < Length; start += ClassCount)
            Numerics.Softmax.Compute(Input.Slice(start, ClassCount), Output.Slice(start, ClassCount));
    }

    public void LogSoftmax() => Numerics.LogSoftmax.Rows(Input, ClassCount, Output);

    public void CrossEntropy() => Numerics.CrossEntropy.Rows(Input, ClassCount, labels);

    public void CrossEntropyWithGradient() => Numerics.CrossEntropy.RowsWithGradient(Input, ClassCount, labels, Output);

    public void TopK(int k) => Numerics.TopK.Rows(Input, ClassCount, k, indices, Output);

    /// <summary>The library function, which overflows on scores beyond 88.</summary>
    public void TensorPrimitivesSoftMax()
    {
        for (var start = 0; start < Length; start += ClassCount)
            TensorPrimitives.SoftMax(Input.Slice(start, ClassCount), Output.Slice(start, ClassCount));
    }

    /// <summary>The stable softmax that one would build from the library's functions.</summary>
    public void TensorPrimitivesBlocks()
    {
        for (var start = 0; start < Length; start += ClassCount)
        {
            var target = Output.Slice(start, ClassCount);
            TensorPrimitives.Subtract(Input.Slice(start, ClassCount), TensorPrimitives.Max(Input.Slice(start, ClassCount)), target);
            TensorPrimitives.Exp(target, target);
            TensorPrimitives.Divide(target, TensorPrimitives.Sum(target), target);
        }
    }

    /// <summary>The loop that one would write by hand.</summary>
    public void PlainLoop()
    {
        for (var start = 0; start < Length; start += ClassCount)
            Handwritten.Softmax(Input.Slice(start, ClassCount), Output.Slice(start, ClassCount));
    }

    /// <summary>Softmax as found in many a notebook.</summary>
    public void Linq()
    {
        for (var start = 0; start < Length; start += ClassCount)
            Handwritten.LinqSoftmax(Input.Slice(start, ClassCount).ToArray()).CopyTo(Output[start..]);
    }

    /// <summary>Top-k as found in many a notebook.</summary>
    public void LinqTopK(int k)
    {
        for (var start = 0; start < Length; start += ClassCount)
        {
            var best = Input.Slice(start, ClassCount).ToArray().Select((value, index) => (value, index))
                .OrderByDescending(pair => pair.value).Take(k).ToArray();
            indices[start / ClassCount] = best[0].index;
        }
    }

    /// <summary>Top-k by sorting the whole row.</summary>
    public void SortTopK(int k)
    {
        var keys = new float[ClassCount];
        var order = new int[ClassCount];
        for (var start = 0; start < Length; start += ClassCount)
        {
            TensorPrimitives.Negate(Input.Slice(start, ClassCount), keys);
            for (var i = 0; i < order.Length; i++)
                order[i] = i;
            Array.Sort(keys, order);
            order.AsSpan(0, k).CopyTo(indices);
        }
    }

    public void Dispose()
    {
        mixed?.Dispose();
        peers.ForEach(peer => peer.Dispose());
        NativeMemory.AlignedFree(input);
        NativeMemory.AlignedFree(output);
    }
}

/// <summary>Softmax as people write it.</summary>
internal static class Handwritten
{
    public static void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        var largest = scores[0];
        foreach (var score in scores)
            largest = MathF.Max(largest, score);
        var sum = 0f;
        for (var i = 0; i < scores.Length; i++)
        {
            probabilities[i] = MathF.Exp(scores[i] - largest);
            sum += probabilities[i];
        }

        for (var i = 0; i < probabilities.Length; i++)
            probabilities[i] /= sum;
    }

    public static float[] LinqSoftmax(float[] scores)
    {
        var largest = scores.Max();
        var exponentials = scores.Select(score => MathF.Exp(score - largest)).ToArray();
        var sum = exponentials.Sum();
        return exponentials.Select(value => value / sum).ToArray();
    }
}
