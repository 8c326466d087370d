using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>No kernel reads or writes a float that is not its own, at any length, on any path.</summary>
public class GuardPageTests : OnEveryPath
{
    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_OfLengths0To130AgainstAGuardPage_StayInside(string path)
    {
        var kernels = Paths.Named(path);
        using var input = new GuardedMemory(130 * 37);
        using var output = new GuardedMemory(130 * 37);
        var random = new Random(5);
        for (var length = 0; length <= 130; length++)
        {
            foreach (var rowCount in (int[])[1, 2, 3, 15, 16, 17, 37])
            {
                var values = RowKinds.Normal(random, rowCount, length, 3, 0);
                Check(kernels, values, length, input.AtEnd(values.Length), output.AtEnd(values.Length));
                Check(kernels, values, length, input.AtStart(values.Length), output.AtStart(values.Length));
            }
        }
    }

    private static void Check(RowKernels kernels, float[] values, int length, Span<float> input, Span<float> output)
    {
        values.CopyTo(input);
        CheckTopK(kernels, values, length, input, output);
        CheckCrossEntropy(kernels, values, length, input, output);
        Softmax.Rows(kernels, input, length, output, 1f, 1);
        Compare.SoftmaxRows(values, length, output);
        LogSoftmax.Rows(kernels, input, length, output, 1f, 1);
        Compare.LogSoftmaxRows(values, length, output);
        for (var start = 0; start < values.Length; start += length)
            Compare.RelativeOrAbsolute(
                [Naive.LogSumExp(values.AsSpan(start, length))], [LogSumExp.Compute(kernels, input.Slice(start, length), 1f)]);
    }

    private static void CheckTopK(RowKernels kernels, float[] values, int length, Span<float> input, Span<float> output)
    {
        var rowCount = values.Length / Math.Max(1, length);
        foreach (var k in (int[])[1, 5, 20])
        {
            var count = Math.Min(k, length);
            var indices = new int[rowCount * count];
            TopK.Rows(kernels, input, length, k, indices, output[^indices.Length..], 1);
            TopK.Rows(kernels, input, length, k, MemoryMarshal.Cast<float, int>(output)[..indices.Length], new float[indices.Length], 1);
            MemoryMarshal.Cast<float, int>(output)[..indices.Length].CopyTo(indices);
            for (var row = 0; row < rowCount; row++)
                Assert.Equal(
                    Naive.Order(values[(row * length)..((row + 1) * length)])[..count], indices[(row * count)..((row + 1) * count)]);
        }
    }

    private static void CheckCrossEntropy(RowKernels kernels, float[] values, int length, Span<float> input, Span<float> output)
    {
        if (length == 0)
            return;
        var labels = Enumerable.Range(0, values.Length / length).Select(row => row * 7 % length).ToArray();
        var expected = labels.Select((label, row) => -Naive.LogSoftmax(values.AsSpan(row * length, length))[label]).Sum();
        Assert.Equal(expected, CrossEntropyBatch.Run(kernels, input, length, labels, [], default, 1).Loss, 1e-6 * labels.Length);
        Assert.Equal(expected, CrossEntropyBatch.Run(kernels, input, length, labels, output, default, 1).Loss, 1e-6 * labels.Length);
    }
}

/// <summary>Memory between two pages that may not be touched: whoever reads or writes beyond it ends the process.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int NoAccess = 0, ReadWrite = 3, PrivateAnonymous = 0x22;

    private readonly nint mapping;
    private readonly nuint pageSize = (nuint)Environment.SystemPageSize;
    private readonly nuint usable;

    public GuardedMemory(int floats)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Guard pages are set up with Linux's mmap.");
        usable = (((nuint)floats * sizeof(float)) + pageSize - 1) / pageSize * pageSize;
        mapping = Map(0, usable + (2 * pageSize), NoAccess, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, mapping);
        Assert.Equal(0, Protect(mapping + (nint)pageSize, usable, ReadWrite));
    }

    /// <summary>The last floats before the guard page.</summary>
    public Span<float> AtEnd(int count) => new((void*)(mapping + (nint)pageSize + (nint)usable - ((nint)count * sizeof(float))), count);

    /// <summary>The first floats after the guard page.</summary>
    public Span<float> AtStart(int count) => new((void*)(mapping + (nint)pageSize), count);

    public void Dispose() => Unmap(mapping, usable + (2 * pageSize));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
