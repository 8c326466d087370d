using System.Globalization;

namespace MLNet.Softmax.TestSupport;

/// <summary>The 1,797 handwritten digits of tests/Data: 64 pixel counts and a label each.</summary>
internal static class Digits
{
    /// <summary>Three quarters of the digits to train on, and every fourth, beginning with the first, to test.</summary>
    public static ((float[] Pixels, int Label)[] Train, (float[] Pixels, int Label)[] Test) Read()
    {
        var rows = File.ReadLines(Repository.TestData("digits/digits.csv")).Skip(1)
            .Select(line => line.Split(',').Select(field => float.Parse(field, CultureInfo.InvariantCulture)).ToArray())
            .Select(fields => (fields[..64], (int)fields[64])).ToArray();
        return ([.. rows.Where((_, row) => row % 4 != 0)], [.. rows.Where((_, row) => row % 4 == 0)]);
    }
}
