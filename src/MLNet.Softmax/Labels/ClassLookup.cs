namespace MLNet.Softmax.Labels;

/// <summary>
/// Finds the class that a label names. Text: the class of exactly this name, else the only one whose name is equal after trimming, else, if
/// all names end in numbers (P1, P2, ...), the one with the label's number. Numbers: the class whose name is the number or ends in it, else
/// the 0-based index.
/// </summary>
internal sealed class ClassLookup
{
    private readonly Dictionary<string, int> _exact = [];
    private readonly Dictionary<string, int> _trimmed = [];
    private readonly Dictionary<double, int>? _numbers;
    private readonly int _classCount;

    /// <param name="classNames">The name of each class; the index where it has none.</param>
    /// <param name="areNamed">False where all names are indices because the scores have none.</param>
    public ClassLookup(string[] classNames, bool areNamed)
    {
        _classCount = classNames.Length;
        for (var index = 0; index < classNames.Length; index++)
        {
            Add(_exact, classNames[index], index);
            Add(_trimmed, classNames[index].Trim(), index);
        }

        _numbers = areNamed ? NumbersOf(classNames) : null;
        IsByPosition = _numbers is null;
    }

    /// <summary>Whether numbers are used as 0-based indices, because the names contain no numbers.</summary>
    public bool IsByPosition { get; }

    public int Find(ReadOnlySpan<char> label)
    {
        if (_exact.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(label, out var index))
            return index;
        if (label.IsWhiteSpace())
            return LabelColumn.Missing;
        var trimmed = label.Trim();
        if (_trimmed.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(trimmed, out index))
            return index;
        return _numbers is not null && TryParse(trimmed, out var number) ? Find(number) : LabelColumn.Unknown;
    }

    public int Find(double label)
    {
        if (double.IsNaN(label))
            return LabelColumn.Missing;
        if (_numbers is not null)
            return _numbers.GetValueOrDefault(label, LabelColumn.Unknown);
        return label >= 0 && label < _classCount && Math.Floor(label) == label ? (int)label : LabelColumn.Unknown;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out double number) => TryParse(text, NumberStyles.Float, out number);

    /// <summary>Adds a name. A name that two classes share finds neither.</summary>
    private static void Add(Dictionary<string, int> indices, string name, int index)
    {
        if (!indices.TryAdd(name, index))
            indices[name] = LabelColumn.Unknown;
    }

    /// <summary>The class of each number, if the names are different numbers, or end in different ones after the same text.</summary>
    private static Dictionary<double, int>? NumbersOf(string[] names)
    {
        var byNumber = new Dictionary<double, int>();
        var prefix = names.Length == 0 ? "" : names[0].TrimEnd([.. "0123456789"]);
        for (var index = 0; index < names.Length; index++)
        {
            var name = names[index].AsSpan();
            var isNumber = TryParse(name, out var number)
                || (name.StartsWith(prefix) && TryParse(name[prefix.Length..], NumberStyles.None, out number));
            if (!isNumber || !byNumber.TryAdd(number, index))
                return null;
        }

        return byNumber;
    }

    private static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, out double number) =>
        double.TryParse(text, style, CultureInfo.InvariantCulture, out number);
}
