using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Gives each row a number in [0, 1), by which rows are split: the same one for the same row, whatever else is read.</summary>
internal sealed class SplitNumber
{
    private const uint DefaultSeed = 42;

    private static readonly DataViewType[] HashedNumbers =
        [NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64];
    private readonly DataViewSchema.Column? _key;
    private readonly uint _seed;

    private SplitNumber(DataViewSchema.Column? key, uint seed)
    {
        _key = key;
        _seed = seed;
    }

    public static SplitNumber Of(IDataView data, string keyColumn, int? seed)
    {
        if (keyColumn == null)
            return new SplitNumber(null, (uint?)seed ?? DefaultSeed);
        var key = data.Schema.GetColumnOrNull(keyColumn)
            ?? throw Contracts.ExceptSchemaMismatch("samplingKeyColumnName", "sampling key", keyColumn);
        if (key.Type is not (KeyDataViewType or TextDataViewType) && !HashedNumbers.Contains(key.Type))
            throw Contracts.ExceptSchemaMismatch("samplingKeyColumnName", "sampling key", keyColumn, "Key, String or a 32 or 64-bit integer", key.Type.ToString());
        return new SplitNumber(key, (uint?)seed ?? KeyHash.DefaultSeed);
    }

    public IEnumerable<DataViewSchema.Column> Dependencies => _key is { } key ? [key] : [];

    /// <summary>The number of the cursor's current row, or null for one whose key is missing.</summary>
    public Func<double?> Bind(DataViewRowCursor cursor)
    {
        if (_key is not { } key)
            return BindPosition(cursor);
        if (key.Type is TextDataViewType)
            return BindHash<ReadOnlyMemory<char>>(cursor, text => text.IsEmpty ? null : Encoding.UTF8.GetBytes(text.Trim(' ').ToString()));
        return (Func<double?>)GenericMethod.Call(
            typeof(SplitNumber), key.Type is KeyDataViewType ? nameof(BindKey) : nameof(BindNumber), [key.Type.RawType], this, cursor);
    }

    private Func<double?> BindPosition(DataViewRowCursor cursor)
    {
        var random = new TauswortheHybrid(_seed);
        long drawn = -1;
        var number = 0f;
        return () =>
        {
            for (; drawn < cursor.Position; drawn++)
                number = random.NextSingle();
            return number;
        };
    }

    private Func<double?> BindKey<T>(DataViewRowCursor cursor)
        where T : struct, IBinaryInteger<T>
    {
        var getter = cursor.GetGetter<T>(_key.Value);
        var count = ((KeyDataViewType)_key.Value.Type).Count;
        T value = default;
        return () =>
        {
            getter(ref value);
            return KeyNumber(ulong.CreateTruncating(value), count);
        };
    }

    private Func<double?> BindNumber<T>(DataViewRowCursor cursor)
        where T : struct
        => BindHash<T>(cursor, number => MemoryMarshal.AsBytes([number]).ToArray());

    private Func<double?> BindHash<T>(DataViewRowCursor cursor, Func<T, byte[]> bytes)
    {
        var getter = cursor.GetGetter<T>(_key.Value);
        T value = default;
        return () =>
        {
            getter(ref value);
            return bytes(value) is { } some ? KeyNumber(KeyHash.Key(some, _seed), KeyHash.KeyCount) : null;
        };
    }

    private static double? KeyNumber(ulong key, ulong count) => key == 0 || key > count ? null : ((uint)key - 0.5) / count;
}
