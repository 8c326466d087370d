using System.Buffers.Binary;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.State;
using MLNet.Softmax.Fuzz;

namespace MLNet.Softmax.Tests.Evaluation;

/// <summary>Damaged saved evaluations: each is refused with an InvalidDataException, and nothing large is allocated before.</summary>
public sealed class DamagedEvaluationTests
{
    private static readonly byte[][] Samples =
    [
        SavedEvaluationTests.Saved(SavedEvaluationTests.Evaluated(RandomRows.Draw(1, 40, 3))),
        SavedEvaluationTests.Saved(SavedEvaluationTests.Evaluated(RandomRows.Draw(2, 40, 2), ProbabilityEvaluationOptions.Streaming())),
        SavedEvaluationTests.Saved(SavedEvaluationTests.Evaluated(
            RandomRows.Draw(3, 20, 4), new() { RocAuc = false, Bootstrap = new() { Resamples = 5 } })),
    ];

    [Fact]
    public void Load_OfTheFirstBytes_IsRefused()
    {
        foreach (var length in Enumerable.Range(0, Samples[0].Length).Where(length => length < 200 || length % 37 == 0))
            Assert.Throws<InvalidDataException>(() => SavedEvaluationTests.Loaded(Samples[0][..length]));
        Refusal.Of<InvalidDataException>(() => SavedEvaluationTests.Loaded(Samples[0][..^1]), "it ends too early");
        Refusal.Of<InvalidDataException>(() => SavedEvaluationTests.Loaded([.. Samples[0], 0]), "more bytes follow");
        byte[] negative = [.. Samples[0]];
        BinaryPrimitives.WriteInt64LittleEndian(negative.AsSpan(12), -1);
        Refusal.Of<InvalidDataException>(() => SavedEvaluationTests.Loaded(negative), "it ends too early");
    }

    [Fact]
    public void Load_WithAFlippedBit_IsRefused()
    {
        // Every byte of the header, and one in seven of the figures, which all count for the same checksum.
        for (var position = 0; position < Samples[0].Length; position += position < 200 ? 1 : 7)
        {
            byte[] damaged = [.. Samples[0]];
            damaged[position] ^= (byte)(1 << (position % 8));
            Assert.Throws<InvalidDataException>(() => SavedEvaluationTests.Loaded(damaged));
        }
    }

    [Fact]
    public void Load_OfDamagedFiles_IsRefusedOrGivesTheSame()
    {
        string[] expected = [.. Samples.Select(sample => SavedEvaluationTests.Loaded(sample).ToMetrics().ToString())];
        foreach (var damaged in Mutations.Of(Samples, Mutations.Count))
        {
            var error = Record.Exception(() => Assert.Contains(SavedEvaluationTests.Loaded(damaged).ToMetrics().ToString(), expected));
            Assert.True(error is null or InvalidDataException, error?.ToString());
        }
    }

    /// <summary>Behind the checksum: every length and every number is checked on its own.</summary>
    [Fact]
    public void Load_OfDamageWithAMatchingChecksum_IsRefusedOrHasMetrics()
    {
        byte[][] contents = [.. Samples.Select(StateTarget.ContentsOf)];
        Assert.All(contents, content => Assert.True(StateTarget.Load(content)));
        var loaded = Mutations.Of(contents, Mutations.Count).Count(StateTarget.Load);
        Assert.InRange(loaded, 1, Mutations.Count - 1);
    }

    [Fact]
    public void Load_OfDamageWithAMatchingChecksum_SaysWhatIsWrong()
    {
        var rows = RandomRows.Draw(5, 6, 2);
        var evaluator = new ProbabilityEvaluator(["cat", "dog"], new() { CalibrationBins = new BinLayout(2) });
        evaluator.Add(new ProbabilityBlock(rows.Probabilities, 2, rows.Labels, [1, 2, 3, 1, 2, 3]));
        var contents = StateTarget.ContentsOf(SavedEvaluationTests.Saved(evaluator));
        var found = new HashSet<string?> { Refused([.. contents, 0]) };
        // No multiple of the size of the numbers, so that each of their bytes has its turn.
        for (var position = 0; position + sizeof(int) <= contents.Length; position += 5)
        {
            // No number, and one beyond the rows and classes.
            foreach (var number in (int[])[-1, 1_000])
            {
                byte[] damaged = [.. contents];
                BinaryPrimitives.WriteInt32LittleEndian(damaged.AsSpan(position), number);
                found.Add(Refused(damaged));
            }
        }

        string[] expected =
        [
            "its contents end too early", "its contents are too long", "rows are missing", "a flag is neither 0 nor 1",
            "a number of rows is negative", "a number of rows does not exist", "a length is negative", "a sum is not finite",
            "a probability is not from 0 to 1", "a weight is negative or not finite", "a class does not exist", "a row has not one label",
        ];
        Assert.All(expected, problem => Assert.Contains($"The saved evaluation is damaged: {problem}. Evaluate the rows again.", found));
        Assert.Equal("The saved evaluation is damaged: its contents end too early. Evaluate the rows again.", Refused(contents[..^1]));
        Assert.Equal(
            "The saved evaluation has classes or options that do not exist: An evaluation needs at least one class. "
            + "(Parameter 'classNames')",
            Refused([0, 0, 0, 0, .. contents[(4 + (2 * (4 + 3)))..]]));

        static string? Refused(byte[] contents)
        {
            using var file = new MemoryStream();
            StateFile.Write(file, state => state.Bytes(contents));
            file.Position = 0;
            return Record.Exception(() => ProbabilityEvaluator.Load(file))?.Message;
        }
    }

    [Fact]
    public void Load_OfCountsThatTheFileCannotHold_AllocatesNothingLarge()
    {
        var names = 4 + (3 * (4 + "class 0".Length));
        foreach (var (position, value) in new[] { (0, int.MaxValue), (4, int.MaxValue), (names, 65_536), (0, -1), (4, -1) })
        {
            var contents = StateTarget.ContentsOf(Samples[0]);
            BinaryPrimitives.WriteInt32LittleEndian(contents.AsSpan(position), value);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.False(StateTarget.Load(contents));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1_000_000);
        }
    }

    [Fact]
    public void Load_OfAConfusionMatrixThatTheFileCannotHold_AllocatesNothingLarge()
    {
        // 32 MB of matrix, of which the file has 2 MB.
        const int ClassCount = 2_000;
        var options = ProbabilityEvaluationOptions.Streaming();
        options.LargestConfusionMatrix = ClassCount;
        var saved = SavedEvaluationTests.Saved(SavedEvaluationTests.Evaluated(RandomRows.Draw(4, 2, ClassCount), options));
        var contents = StateTarget.ContentsOf(saved)[..3_000_000];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(StateTarget.Load(contents));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 16_000_000);
    }

    [Fact]
    public void Load_OfALaterVersion_SaysSo()
    {
        byte[] later = [.. Samples[0]];
        later["softmax\0".Length]++;
        Refusal.Of<InvalidDataException>(() => SavedEvaluationTests.Loaded(later), "format version 2", "reads version 1", "Update");
    }

    /// <summary>The format is documented: another program can check it.</summary>
    [Fact]
    public void Save_EndsWithTheCrc32CastagnoliOfAllBefore()
    {
        Assert.Equal(0xE3069283, Crc32C("123456789"u8));
        Assert.Equal("softmax\0"u8, Samples[0].AsSpan(0, 8));
        Assert.Equal(Crc32C(Samples[0].AsSpan(..^4)), BinaryPrimitives.ReadUInt32LittleEndian(Samples[0].AsSpan(^4..)));
        Assert.Equal(Samples[0].Length - 24, BinaryPrimitives.ReadInt64LittleEndian(Samples[0].AsSpan(12)));
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var one in bytes)
        {
            checksum ^= one;
            for (var bit = 0; bit < 8; bit++)
                checksum = (checksum >> 1) ^ ((checksum & 1) != 0 ? 0x82F63B78 : 0);
        }

        return ~checksum;
    }
}
