using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Reads a value from text; false if the text is none.</summary>
internal delegate bool ParseText<T>(ReadOnlyMemory<char> text, out T value);

/// <summary>How text is read as values of each kind.</summary>
internal static class TextValue
{
    private const NumberStyles RealStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static readonly Dictionary<DataKind, (Type Type, PrimitiveDataViewType ColumnType, Delegate Parse)> Kinds = new()
    {
        [DataKind.SByte] = (typeof(sbyte), NumberDataViewType.SByte, (ParseText<sbyte>)Integer),
        [DataKind.Byte] = (typeof(byte), NumberDataViewType.Byte, (ParseText<byte>)Integer),
        [DataKind.Int16] = (typeof(short), NumberDataViewType.Int16, (ParseText<short>)Integer),
        [DataKind.UInt16] = (typeof(ushort), NumberDataViewType.UInt16, (ParseText<ushort>)Integer),
        [DataKind.Int32] = (typeof(int), NumberDataViewType.Int32, (ParseText<int>)Integer),
        [DataKind.UInt32] = (typeof(uint), NumberDataViewType.UInt32, (ParseText<uint>)Integer),
        [DataKind.Int64] = (typeof(long), NumberDataViewType.Int64, (ParseText<long>)Integer),
        [DataKind.UInt64] = (typeof(ulong), NumberDataViewType.UInt64, (ParseText<ulong>)Integer),
        [DataKind.Single] = (typeof(float), NumberDataViewType.Single, (ParseText<float>)Real),
        [DataKind.Double] = (typeof(double), NumberDataViewType.Double, (ParseText<double>)Real),
        [DataKind.String] = (typeof(string), TextDataViewType.Instance, (ParseText<ReadOnlyMemory<char>>)Text),
        [DataKind.Boolean] = (typeof(bool), BooleanDataViewType.Instance, (ParseText<bool>)Truth),
    };

    /// <summary>The kind of a member's type, or null if no text is read as it.</summary>
    public static DataKind? KindOf(Type type)
        => Kinds.Where(kind => kind.Value.Type == type || kind.Value.ColumnType.RawType == type).Select(kind => (DataKind?)kind.Key).FirstOrDefault();

    public static PrimitiveDataViewType ColumnType(DataKind kind) => Kinds.TryGetValue(kind, out var known) ? known.ColumnType
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "No text is read as this kind of value.");

    /// <summary>A <see cref="ParseText{T}"/> for the kind.</summary>
    public static Delegate Parser(DataKind kind) => Kinds[kind].Parse;

    /// <summary>Keys are written as numbers from 0.</summary>
    public static ParseText<T> KeyParser<T>(ulong count)
        where T : struct, IBinaryInteger<T>
        => (ReadOnlyMemory<char> text, out T key) =>
        {
            var isNumber = ulong.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < count;
            key = isNumber ? T.CreateTruncating(number + 1) : T.Zero;
            return true;
        };

    private static bool Integer<T>(ReadOnlyMemory<char> text, out T value)
        where T : IBinaryInteger<T>
        => T.TryParse(text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>Text that is no number is a missing one: NaN.</summary>
    private static bool Real<T>(ReadOnlyMemory<char> text, out T value)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var trimmed = text.Span.Trim();
        if (trimmed.IsEmpty)
            value = T.Zero;
        else if (!T.TryParse(trimmed, RealStyle, CultureInfo.InvariantCulture, out value))
            value = trimmed is "\u221e" ? T.PositiveInfinity : trimmed is "-\u221e" ? T.NegativeInfinity : T.NaN;
        return true;
    }

    private static bool Text(ReadOnlyMemory<char> text, out ReadOnlyMemory<char> value)
    {
        value = text;
        return true;
    }

    private static bool Truth(ReadOnlyMemory<char> text, out bool value)
    {
        var word = text.ToString().ToUpperInvariant();
        value = word is "T" or "Y" or "1" or "+" or "+1" or "YES" or "TRUE";
        return value || word is "F" or "N" or "0" or "-" or "-1" or "NO" or "FALSE";
    }
}
