using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace MLNet.Softmax.Tool.Tables;

/// <summary>
/// A column of one row group after another. All are read into the same memory: the first use of new memory may take longer than reading.
/// </summary>
internal abstract class ParquetColumn(DataField field)
{
    /// <summary>How the reader describes text.</summary>
    private static readonly Type TextType = typeof(ReadOnlyMemory<char>);

    private int[] _definitions = [];
    private int[] _repetitions = [];
    private ParquetRowGroupReader? _group;

    /// <summary>The number of values; a list has several in each row.</summary>
    public int Count { get; private set; }

    /// <summary>The values that are missing.</summary>
    protected int Missing { get; private set; }

    /// <summary>A column of the type of a field; null if that is neither text nor number.</summary>
    public static ParquetColumn? Of(DataField field) => field.ClrType switch
    {
        var type when type == TextType => new TextColumn(field),
        var type when type == typeof(bool) => new NumberColumn<bool>(field, null),
        var type when type == typeof(sbyte) => new NumberColumn<sbyte>(field, null),
        var type when type == typeof(byte) => new NumberColumn<byte>(field, null),
        var type when type == typeof(short) => new NumberColumn<short>(field, null),
        var type when type == typeof(ushort) => new NumberColumn<ushort>(field, null),
        var type when type == typeof(int) => new NumberColumn<int>(field, value => value),
        var type when type == typeof(uint) => new NumberColumn<uint>(field, null),
        var type when type == typeof(long) => new NumberColumn<long>(field, value => value),
        var type when type == typeof(ulong) => new NumberColumn<ulong>(field, null),
        var type when type == typeof(float) => new NumberColumn<float>(field, value => value),
        var type when type == typeof(double) => new NumberColumn<double>(field, value => (float)value),
        var type when type == typeof(decimal) => new NumberColumn<decimal>(field, value => (float)value),
        _ => null,
    };

    /// <summary>What the column holds instead of what is expected, for messages.</summary>
    public static string Describe(DataField field) => field.ClrType == TextType ? "text" : field.ClrType.Name;

    /// <summary>Reads the column of a row group, unless it is the one that was read last.</summary>
    public void Read(ParquetRowGroupReader group)
    {
        // Parquet.Net gives the same object for the same row group.
        if (_group == group)
            return;
        _group = null;
        Count = checked((int)(group.GetMetadata(field)?.MetaData?.NumValues ?? 0));
        var definitions = Levels(ref _definitions, field.MaxDefinitionLevel);
        Read(group, definitions, Levels(ref _repetitions, field.MaxRepetitionLevel));
        Missing = definitions is { } levels ? Count - levels.Span.Count(field.MaxDefinitionLevel) : 0;
        if (Missing > 0)
            SpreadOut();
        _group = group;
    }

    /// <summary>The text of a value; empty if it is missing.</summary>
    public abstract ReadOnlySpan<char> Text(int index);

    /// <summary>The same, for a few values of a column that may never be used as text.</summary>
    public abstract string ToText(int index);

    /// <summary>The values as scores, NaN where they are missing; null if these are no scores.</summary>
    public abstract float[]? ToScores();

    /// <summary>The length of each list; null if lists differ in length, or if values are missing.</summary>
    public int? LengthOfLists(int rows)
    {
        var length = rows == 0 ? 0 : Count / rows;
        var areEven = Missing == 0 && Count == rows * length;
        for (var index = 0; index < Count && areEven; index++)
            areEven = _repetitions[index] == 0 == (index % length == 0);
        return areEven ? length : null;
    }

    protected abstract void Read(ParquetRowGroupReader group, Memory<int>? definitions, Memory<int>? repetitions);

    /// <summary>Moves each value to its row: the reader leaves out what is missing.</summary>
    protected abstract void SpreadOut();

    protected bool IsMissing(int index) => Missing > 0 && _definitions[index] < field.MaxDefinitionLevel;

    /// <summary>Memory for some values, which is allocated only if there is too little.</summary>
    protected static Memory<T> Room<T>(ref T[] memory, int count)
    {
        if (memory.Length < count)
            memory = new T[count];
        return memory.AsMemory(0, count);
    }

    /// <summary>Memory for a level of each value; null if there is only one level.</summary>
    private Memory<int>? Levels(ref int[] memory, int highest)
    {
        if (highest == 0)
            return null;
        return Room(ref memory, Count);
    }

    private abstract class Column<T>(DataField field) : ParquetColumn(field)
        where T : struct
    {
        private readonly DataField _field = field;
        private T[] _values = [];

        protected T[] Values => _values;

        protected override void Read(ParquetRowGroupReader group, Memory<int>? definitions, Memory<int>? repetitions) =>
            group.ReadRawAsync(_field, Room(ref _values, Count), definitions, repetitions).AsTask().GetAwaiter().GetResult();

        protected override void SpreadOut()
        {
            var next = Count - Missing;
            for (var index = Count - 1; index >= next; index--)
            {
                if (!IsMissing(index))
                    _values[index] = _values[--next];
            }
        }
    }

    private sealed class TextColumn(DataField field) : Column<ReadOnlyMemory<char>>(field)
    {
        public override ReadOnlySpan<char> Text(int index) => IsMissing(index) ? "" : Values[index].Span;

        public override string ToText(int index) => Text(index).ToString();

        public override float[]? ToScores() => null;
    }

    private sealed class NumberColumn<T>(DataField field, Func<T, float>? toScore) : Column<T>(field)
        where T : struct
    {
        /// <summary>Labels repeat, but ids do not.</summary>
        private const int MostKnown = 1000;

        private Dictionary<T, string>? _known;
        private float[] _scores = [];

        public override ReadOnlySpan<char> Text(int index)
        {
            if (IsMissing(index))
                return "";
            var value = Values[index];
            if ((_known ??= []).TryGetValue(value, out var text))
                return text;
            text = ToText(index);
            if (_known.Count < MostKnown)
                _known.Add(value, text);
            return text;
        }

        public override string ToText(int index) => IsMissing(index) ? "" : Convert.ToString(Values[index], CultureInfo.InvariantCulture)!;

        public override float[]? ToScores()
        {
            if (toScore is null)
                return null;
            if (Values is float[] floats)
            {
                _scores = floats;
            }
            else
            {
                Room(ref _scores, Count);
                for (var index = 0; index < Count; index++)
                    _scores[index] = toScore(Values[index]);
            }

            for (var index = 0; index < Count && Missing > 0; index++)
                _scores[index] = IsMissing(index) ? float.NaN : _scores[index];
            return _scores;
        }
    }
}
