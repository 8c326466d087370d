using System.Text;
using MLNet.Softmax.Fuzz;

namespace MLNet.Softmax.Tool.Tests;

/// <summary>Score files that were damaged in many places: each is read and evaluated, or ends in an error that names the file.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private static readonly byte[][] Probabilities =
    [
        .. ((string[])
        [
            "Label,P0,P1,P2\n0,0.5,0.25,0.25\n2,0,0,1\n1,1e-3,0.999,0\n,0.25,0.5,0.25\n",
            "Name,\"hot dog\",\"a, \"\"b\"\"\",Label\none.jpg,0.75,0.25,hot dog\r\n\r\ntwo.jpg,nan,1,\"a, \"\"b\"\"\"\r\n",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Logits =
    [
        .. ((string[])
        [
            "Label,L0,L1,L2\n0,2.5,-1,0\n2,-inf,0,1e3\n1,1e38,-3.4028235e38,0\n,1,2,3\n",
            "\uFEFFLabel,dog,cat\ndog,1.5,-0.5\ncat,inf,2\ncat,-1e9,2\n",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void DamagedProbabilities_AreEvaluatedOrRefusedClearly() => AssertClear(Probabilities, areLogits: false);

    [Fact]
    public void DamagedLogits_AreEvaluatedOrRefusedClearly() => AssertClear(Logits, areLogits: true);

    [Fact]
    public void Capacity_OfManyClasses_IsBoundedInBytes()
    {
        const int ClassCount = 50_000;
        File.WriteAllText(_file, $"Label,{string.Join(',', Enumerable.Range(0, ClassCount).Select(index => $"P{index}"))}\n");
        using var reader = new ScoreReader([_file], new LayoutOptions(AreLogits: true));
        Assert.Equal(ClassCount, reader.ClassCount);
        var before = GC.GetAllocatedBytesForCurrentThread();
        reader.NewBlock();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, ClassCount * sizeof(float), 16 << 20);
    }

    private void AssertClear(byte[][] samples, bool areLogits)
    {
        var read = 0;
        foreach (byte[] damaged in Mutations.Of(samples, Mutations.Count))
        {
            File.WriteAllBytes(_file, damaged);
            var error = Record.Exception(() => ScoreFileTarget.Evaluate(_file, areLogits));
            Assert.True(error is null or FormatException, $"{Convert.ToBase64String(damaged)}: {error}");
            Assert.StartsWith(error is null ? "" : Path.GetFileName(_file), error?.Message ?? "", StringComparison.Ordinal);
            read += error is null ? 1 : 0;
        }

        // Otherwise only the first check of the reader would have been tried.
        Assert.InRange(read, Mutations.Count / 100, Mutations.Count);
    }
}
