using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Reads a value from text; false if the text is none.</summary>
internal delegate bool ParseText<T>(ReadOnlyMemory<char> text, out T value);

/// <summary>How text is read as values of each kind.</summary>
internal static class TextValue
{
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
        [DataKind.DateTime] = (typeof(DateTime), DateTimeDataViewType.Instance, (ParseText<DateTime>)Moment),
    };

    /// <summary>The kind of a member's type, or null if no text is read as it.</summary>
    public static DataKind? KindOf(Type type) => type == typeof(ReadOnlyMemory<char>) ? DataKind.String
        : Kinds.Where(kind => kind.Value.Type == type).Select(kind => (DataKind?)kind.Key).FirstOrDefault();

    public static PrimitiveDataViewType ColumnType(DataKind kind) => Kinds.TryGetValue(kind, out var known) ? known.ColumnType
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "No text is read as this kind of value.");

    /// <summary>A <see cref="ParseText{T}"/> for the kind.</summary>
    public static Delegate Parser(DataKind kind) => Kinds[kind].Parse;

    /// <summary>Keys are written as numbers from 0.</summary>
    public static ParseText<T> KeyParser<T>(ulong count)
        where T : struct, IBinaryInteger<T>
        => (ReadOnlyMemory<char> text, out T key) =>
        {
            key = T.Zero;
            if (text.IsEmpty || IsMissing(text.Span))
                return true;
            if (!ulong.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= count)
                return false;
            key = T.CreateTruncating(number + 1);
            return true;
        };

    private static bool Integer<T>(ReadOnlyMemory<char> text, out T value)
        where T : IBinaryInteger<T>
    {
        value = T.Zero;
        return text.IsEmpty || T.TryParse(text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Text that is no number gives NaN.</summary>
    private static bool Real<T>(ReadOnlyMemory<char> text, out T value)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var trimmed = text.Span.Trim();
        value = T.Zero;
        if (trimmed.IsEmpty)
            return true;
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (T.TryParse(trimmed, style, CultureInfo.InvariantCulture, out value))
            return true;
        value = trimmed is "\u221e" ? T.PositiveInfinity : trimmed is "-\u221e" ? T.NegativeInfinity : T.NaN;
        return !T.IsNaN(value) || IsMissing(trimmed);
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
        return value || word is "" or "F" or "N" or "0" or "-" or "-1" or "NO" or "FALSE";
    }

    private static bool Moment(ReadOnlyMemory<char> text, out DateTime value)
    {
        value = default;
        return text.IsEmpty || DateTime.TryParse(
            text.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);
    }

    private static bool IsMissing(ReadOnlySpan<char> text)
        => text is "?" || text.Equals("NA", StringComparison.OrdinalIgnoreCase) || text.Equals("N/A", StringComparison.OrdinalIgnoreCase)
            || text.Equals("NaN", StringComparison.OrdinalIgnoreCase);
}
