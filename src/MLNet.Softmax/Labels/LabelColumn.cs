namespace MLNet.Softmax.Labels;

/// <summary>
/// Finds the class that a row truly belongs to: from a key by its values, if both sides have names; from text and numbers as
/// <see cref="ClassLookup"/> does.
/// </summary>
internal sealed class LabelColumn
{
    /// <summary>The row has no label.</summary>
    public const int Missing = -1;

    /// <summary>The label is not one of the classes.</summary>
    public const int Unknown = -2;

    private const int MostExamples = 5;

    private readonly DataViewSchema.Column _label;
    private readonly string[] _classNames;
    private readonly ClassLookup _lookup;
    private readonly bool _isByPosition;
    private readonly Func<DataViewRow, Func<int>> _reader;
    private readonly Lazy<string[]?> _keyNames;
    private readonly List<string> _unknown = [];
    private bool _foundFirst;
    private bool _foundCount;

    /// <param name="label">The column of labels.</param>
    /// <param name="classNames">The name of each class; the index where it has none.</param>
    /// <param name="areNamed">False where all names are indices because the scores have none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column holds no labels, or no label names a class.</exception>
    public LabelColumn(DataViewSchema.Column label, string[] classNames, bool areNamed)
    {
        (_label, _classNames, _lookup) = (label, classNames, new ClassLookup(classNames, areNamed));
        _keyNames = new(() => label.Type is KeyDataViewType { Count: <= int.MaxValue } key
            ? ClassLabels.Read(label, AnnotationUtils.Kinds.KeyValues, (int)key.Count) : null);
        _isByPosition = label.Type switch
        {
            TextDataViewType => !areNamed,
            NumberDataViewType => _lookup.IsByPosition,
            _ => false,
        };
        _reader = label.Type switch
        {
            KeyDataViewType key => Keys(key, KeyLabels.Classes(label, key, classNames, areNamed, _lookup)),
            TextDataViewType => Read<ReadOnlyMemory<char>>(text => _lookup.Find(text.Span)),
            BooleanDataViewType => Booleans(),
            NumberDataViewType number => Numbers(number),
            _ => throw SchemaChecks.Refused(
                $"Column '{label.Name}' is {label.Type}, but a label is expected: a key (see Transforms.Conversion.MapValueToKey), text, "
                + "or a number.", "data"),
        };
    }

    /// <summary>
    /// Returns, for a cursor, a function that reads the class of its row: 0-based, or <see cref="Missing"/> or <see cref="Unknown"/>.
    /// </summary>
    public Func<int> Reader(DataViewRow row) => _reader(row);

    /// <summary>Call it after all rows are read. Rejects numbers that may count from 1, which no single row shows.</summary>
    /// <exception cref="InvalidOperationException">
    /// Numbers were used as 0-based indices, the number of classes was one of them, and 0 was not.
    /// </exception>
    public void ThrowIfCountedFromOne()
    {
        if (_foundCount && !_foundFirst)
            throw CountedFromOne(_label.Name, _classNames.Length);
    }

    public static InvalidOperationException CountedFromOne(string column, int classCount) => new(
        $"The numbers in column '{column}' may count the {classCount} classes from 0 or from 1: {classCount} occurs, 0 does not, and the "
        + "names of the classes do not decide. "
        + $"Name the classes '1' to '{classCount}' if the labels count from 1, or '0' to '{classCount - 1}' if they count from 0 and "
        + $"{classCount} is not a class: in SlotNames of the scores, or, for an evaluation, in ProbabilityEvaluationOptions.ClassNames.");

    /// <summary>Some of the labels that name no class and some of the classes, for a message.</summary>
    public string Describe() => (_unknown.Count == 0 ? "" : $" Labels that are not classes: {Some([.. _unknown.Order()])}.")
        + $" The classes: {Some(_classNames)}.";

    /// <summary>The first few names, quoted.</summary>
    public static string Some(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MostExamples).Select(name => $"'{name}'")) + (names.Count > MostExamples ? ", ..." : "");

    private Func<DataViewRow, Func<int>> Keys(KeyDataViewType key, int[] classes) =>
        key.RawType == typeof(byte) ? Read<byte>(value => classes[value])
        : key.RawType == typeof(ushort) ? Read<ushort>(value => classes[value])
        : key.RawType == typeof(uint) ? Read<uint>(value => value < (uint)classes.Length ? classes[value] : Unknown)
        : Read<ulong>(value => value < (ulong)classes.Length ? classes[value] : Unknown);

    private Func<DataViewRow, Func<int>> Booleans()
    {
        var (no, yes) = (_lookup.Find(bool.FalseString), _lookup.Find(bool.TrueString));
        if (no < 0 && yes < 0 && _classNames.Length == 2)
            (no, yes) = (0, 1);
        return Read<bool>(value => value ? yes : no);
    }

    private Func<DataViewRow, Func<int>> Numbers(NumberDataViewType type) => type.RawType switch
    {
        var raw when raw == typeof(float) => Read<float>(value => _lookup.Find(value)),
        var raw when raw == typeof(double) => Read<double>(_lookup.Find),
        var raw when raw == typeof(sbyte) => Read<sbyte>(value => _lookup.Find(value)),
        var raw when raw == typeof(byte) => Read<byte>(value => _lookup.Find(value)),
        var raw when raw == typeof(short) => Read<short>(value => _lookup.Find(value)),
        var raw when raw == typeof(ushort) => Read<ushort>(value => _lookup.Find(value)),
        var raw when raw == typeof(int) => Read<int>(value => _lookup.Find(value)),
        var raw when raw == typeof(uint) => Read<uint>(value => _lookup.Find(value)),
        var raw when raw == typeof(long) => Read<long>(value => _lookup.Find(value)),
        _ => Read<ulong>(value => _lookup.Find(value)),
    };

    private Func<DataViewRow, Func<int>> Read<T>(Func<T, int> classOf) => row =>
    {
        var getter = row.GetGetter<T>(_label);
        T value = default!;
        return () =>
        {
            getter(ref value);
            var found = classOf(value);
            if (found == 0 && !_foundFirst)
                _foundFirst = true;
            else if (found == Unknown)
                Remember(value);
            return found;
        };
    };

    /// <summary>The label as text: for a key with names, its name.</summary>
    private string TextOf<T>(T value)
    {
        var text = ClassLabels.Text(value);
        return _keyNames.Value is { } names && int.TryParse(text, CultureInfo.InvariantCulture, out var key) && key <= names.Length
            ? names[key - 1] : text;
    }

    /// <summary>Thread-safe: several cursors may find unknown labels at the same time.</summary>
    private void Remember<T>(T value)
    {
        if (_unknown.Count > MostExamples && !_isByPosition)
            return;
        var label = TextOf(value);
        if (_isByPosition && ClassLookup.TryParse(label, out var number) && number == _classNames.Length)
            _foundCount = true;
        if (_unknown.Count > MostExamples)
            return;
        lock (_unknown)
        {
            if (!_unknown.Contains(label))
                _unknown.Add(label);
        }
    }
}
