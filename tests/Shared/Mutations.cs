using System.Text;

namespace MLNet.Softmax.TestSupport;

/// <summary>Damaged inputs, the same ones for the same seed: what a fuzzer without feedback tries.</summary>
internal static class Mutations
{
    private static readonly byte[] InterestingBytes = [0, 1, 9, 10, 13, 32, 34, 44, 45, 46, 48, 57, 69, 127, 128, 254, 255];

    private static readonly byte[][] Tokens = [.. ((string[])
        [
            "NaN", "-inf", "1e39", "-1e39", "1e-46", "\"", "\"\"", ",", ",,", "\n", "\r", "\r\n", "\0", "\uFEFF", "é", "P0", "Label", "-1",
            "0.5", " ",
        ])
        .Select(Encoding.UTF8.GetBytes)];

    /// <summary>How many inputs a suite tries; more with FUZZ_INPUTS in the environment.</summary>
    public static int Count { get; } = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_INPUTS"), out var count) ? count : 2000;

    /// <summary>Inputs made of <paramref name="samples"/> by up to eight changes each.</summary>
    public static IEnumerable<byte[]> Of(IReadOnlyList<byte[]> samples, int count, int seed = 1)
    {
        for (var number = 0; number < count; number++)
        {
            var random = new Random((seed * 1_000_003) + number);
            var input = samples[random.Next(samples.Count)].ToList();
            for (var change = 1 << random.Next(4); change > 0; change--)
                Change(input, samples, random);
            yield return [.. input];
        }
    }

    private static void Change(List<byte> input, IReadOnlyList<byte[]> samples, Random random)
    {
        var at = random.Next(input.Count + 1);
        var length = Math.Min(random.Next(1, 1 + (1 << random.Next(9))), input.Count - at);
        switch (random.Next(8))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = InterestingBytes[random.Next(InterestingBytes.Length)];
                break;
            case 2 when at < input.Count:
                input[at] = (byte)random.Next(256);
                break;
            case 3:
                input.RemoveRange(at, length);
                break;
            case 4:
                input.InsertRange(random.Next(input.Count + 1), input.GetRange(at, length));
                break;
            case 5:
                input.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                break;
            case 6:
                var other = samples[random.Next(samples.Count)];
                input.InsertRange(at, other[random.Next(other.Length)..].Take(random.Next(64)));
                break;
            case 7 when random.Next(4) == 0:
                input.RemoveRange(at, input.Count - at);
                break;
        }
    }
}
