using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>A 128-bit row identifier. Derived identifiers come from the rounds of MurmurHash3's 128-bit variant.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    private const ulong FirstMultiplier = 0x87c37b91114253d5;
    private const ulong SecondMultiplier = 0x4cf5ad432745937f;

    public readonly ulong Low;

    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    /// <summary>The identifier of the row that follows this one.</summary>
    public DataViewRowId Next() => MixBlock(0, 0);

    /// <summary>An identifier derived from this one that no chain of <see cref="Next"/> gives.</summary>
    public DataViewRowId Fork()
    {
        // Hashes the block (1, 0), but folds its first half in after the mixing, as ML.NET does.
        var mixed = MixBlock(0, 0);
        return new DataViewRowId(mixed.Low ^ (BitOperations.RotateLeft(FirstMultiplier, 31) * SecondMultiplier), mixed.High);
    }

    public DataViewRowId Combine(DataViewRowId other)
    {
        var block = other.Fork();
        return MixBlock(
            BitOperations.RotateLeft(block.Low * FirstMultiplier, 31) * SecondMultiplier,
            BitOperations.RotateLeft(block.High * SecondMultiplier, 33) * FirstMultiplier);
    }

    public int CompareTo(DataViewRowId other) => (High, Low).CompareTo((other.High, other.Low));

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => $"{High:x16}{Low:x16}";

    private DataViewRowId MixBlock(ulong first, ulong second)
    {
        var low = (BitOperations.RotateLeft(Low ^ first, 27) + High) * 5 + 0x52dce729;
        var high = (BitOperations.RotateLeft(High ^ second, 31) + low) * 5 + 0x38495ab5;
        return new DataViewRowId(low, high);
    }
}
