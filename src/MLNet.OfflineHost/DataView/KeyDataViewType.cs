namespace Microsoft.ML.Data;

/// <summary>A value out of <see cref="Count"/> known ones: 0 is missing, 1 is the first.</summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    public KeyDataViewType(Type type, ulong count)
        : base(type)
    {
        if (!IsValidDataType(type))
            throw new ArgumentOutOfRangeException(nameof(type), $"A key is held as Byte, UInt16, UInt32 or UInt64, not as {type}.");
        var limit = type == typeof(byte) ? byte.MaxValue : type == typeof(ushort) ? ushort.MaxValue : type == typeof(uint) ? uint.MaxValue : ulong.MaxValue;
        if (count == 0 || count > limit)
            throw new ArgumentOutOfRangeException(nameof(count), $"A key held as {type.Name} counts 1 to {limit} values, not {count}.");
        Count = count;
    }

    public KeyDataViewType(Type type, int count)
        : this(type, count < 0 ? 0 : (ulong)count)
    {
    }

    public ulong Count { get; }

    public static bool IsValidDataType(Type type)
        => type == typeof(uint) || type == typeof(ulong) || type == typeof(ushort) || type == typeof(byte);

    public override bool Equals(DataViewType other) => other is KeyDataViewType key && RawType == key.RawType && Count == key.Count;

    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";
}
