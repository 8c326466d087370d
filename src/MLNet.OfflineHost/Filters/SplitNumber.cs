using System.Numerics;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Gives each row a number in [0, 1), by which rows are split: the same one for the same row, whatever else is read.</summary>
internal sealed class SplitNumber
{
    private const uint DefaultSeed = 42;
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
        if (key.Type is not (KeyDataViewType or TextDataViewType))
            throw Contracts.ExceptSchemaMismatch("samplingKeyColumnName", "sampling key", keyColumn, "Key or String", key.Type.ToString());
        return new SplitNumber(key, (uint?)seed ?? TextHash.DefaultSeed);
    }

    public IEnumerable<DataViewSchema.Column> Dependencies => _key is { } key ? [key] : [];

    /// <summary>The number of the cursor's current row, or null for one whose key is missing.</summary>
    public Func<double?> Bind(DataViewRowCursor cursor)
    {
        if (_key is { Type: TextDataViewType } text)
        {
            var getter = cursor.GetGetter<ReadOnlyMemory<char>>(text);
            ReadOnlyMemory<char> value = default;
            return () =>
            {
                getter(ref value);
                return KeyNumber(TextHash.Key(value.Span, _seed), TextHash.KeyCount);
            };
        }
        return _key is { } key
            ? (Func<double?>)GenericMethod.Call(typeof(SplitNumber), nameof(BindKey), [key.Type.RawType], null, cursor, key)
            : BindPosition(cursor);
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

    private static Func<double?> BindKey<T>(DataViewRowCursor cursor, DataViewSchema.Column key)
        where T : struct, IBinaryInteger<T>
    {
        var getter = cursor.GetGetter<T>(key);
        var count = ((KeyDataViewType)key.Type).Count;
        T value = default;
        return () =>
        {
            getter(ref value);
            return KeyNumber(ulong.CreateTruncating(value), count);
        };
    }

    private static double? KeyNumber(ulong key, ulong count) => key == 0 || key > count ? null : ((uint)key - 0.5) / count;
}
