using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>No kernel reads or writes a float that is not its own, at any length, on any path.</summary>
public class GuardPageTests
{
    [Fact]
    public void Rows_OfLengths0To130AgainstAGuardPage_StayInside()
    {
        using var input = new GuardedMemory(130 * 37);
        using var output = new GuardedMemory(130 * 37);
        var random = new Random(5);
        for (var length = 0; length <= 130; length++)
        {
            foreach (var rowCount in (int[])[1, 2, 3, 15, 16, 17, 37])
            {
                var rows = new ExpectedRows(RowKinds.Normal(random, rowCount, length, 3, 0), length);
                foreach (var kernels in Paths.All)
                {
                    Check(kernels, rows, input.AtEnd(rows.Scores.Length), output.AtEnd(rows.Scores.Length));
                    Check(kernels, rows, input.AtStart(rows.Scores.Length), output.AtStart(rows.Scores.Length));
                }
            }
        }
    }

    private static void Check(RowKernels kernels, ExpectedRows rows, Span<float> input, Span<float> output)
    {
        rows.Scores.CopyTo(input);
        CheckTopK(kernels, rows, input, output);
        if (rows.Length > 0)
        {
            var tolerance = 1e-6 * rows.Labels.Length;
            Assert.Equal(rows.Loss, CrossEntropyBatch.Run(kernels, input, rows.Length, rows.Labels, [], default, 1).Loss, tolerance);
            Assert.Equal(rows.Loss, CrossEntropyBatch.Run(kernels, input, rows.Length, rows.Labels, output, default, 1).Loss, tolerance);
        }

        Softmax.Rows(kernels, input, rows.Length, output, 1f, 1);
        Compare.Relative(rows.Probabilities, output);
        LogSoftmax.Rows(kernels, input, rows.Length, output, 1f, 1);
        Compare.RelativeOrAbsolute(rows.Logarithms, output);
        for (var row = 0; row < rows.LogSumExps.Length; row++)
        {
            Compare.RelativeOrAbsolute(
                [rows.LogSumExps[row]], [LogSumExp.Compute(kernels, input.Slice(row * rows.Length, rows.Length), 1f)]);
        }
    }

    private static void CheckTopK(RowKernels kernels, ExpectedRows rows, Span<float> input, Span<float> output)
    {
        foreach (var k in (int[])[1, 5, 20])
        {
            var count = Math.Min(k, rows.Length);
            var indices = new int[rows.Orders.Length * count];
            TopK.Rows(kernels, input, rows.Length, k, indices, output[^indices.Length..], 1);
            TopK.Rows(
                kernels, input, rows.Length, k, MemoryMarshal.Cast<float, int>(output)[..indices.Length], new float[indices.Length], 1);
            MemoryMarshal.Cast<float, int>(output)[..indices.Length].CopyTo(indices);
            for (var row = 0; row < rows.Orders.Length; row++)
                Assert.Equal(rows.Orders[row][..count], indices[(row * count)..((row + 1) * count)]);
        }
    }

    /// <summary>Rows and what every path makes of them, by the definitions.</summary>
    private sealed class ExpectedRows
    {
        public ExpectedRows(float[] scores, int length)
        {
            (Scores, Length) = (scores, length);
            Logarithms = Naive.LogSoftmaxRows(scores, Math.Max(1, length));
            Probabilities = Array.ConvertAll(Logarithms, Math.Exp);
            var rows = scores.Chunk(Math.Max(1, length)).ToArray();
            LogSumExps = [.. rows.Select(row => Naive.LogSumExp(row))];
            Orders = [.. rows.Select(Naive.Order)];
            Labels = [.. rows.Select((_, row) => row * 7 % length)];
            Loss = -Labels.Select((label, row) => Logarithms[(row * length) + label]).Sum();
        }

        public float[] Scores { get; }

        public int Length { get; }

        public double[] Logarithms { get; }

        public double[] Probabilities { get; }

        public double[] LogSumExps { get; }

        public int[][] Orders { get; }

        public int[] Labels { get; }

        public double Loss { get; }
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
