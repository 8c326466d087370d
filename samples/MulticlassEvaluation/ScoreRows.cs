namespace MulticlassEvaluation;

/// <summary>Some rows of a file of scores.</summary>
/// <param name="capacity">How many rows there is room for.</param>
/// <param name="classCount">How many scores a row has.</param>
internal sealed class ScoreRows(int capacity, int classCount)
{
    private readonly int[] _labels = new int[capacity];
    private readonly ulong[] _numbers = new ulong[capacity];
    private readonly ReadOnlyMemory<char>[] _names = new ReadOnlyMemory<char>[capacity];
    private bool _areNamed;

    public int Count { get; set; }

    /// <summary>Room for the scores of all rows.</summary>
    public float[] AllScores { get; } = new float[capacity * classCount];

    /// <summary>The scores, row after row, one value a class.</summary>
    public ReadOnlySpan<float> Scores => AllScores.AsSpan(0, Count * classCount);

    /// <summary>The class of each row.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Count);

    /// <summary>Where each row stands in the file.</summary>
    public ReadOnlySpan<ulong> Numbers => _numbers.AsSpan(0, Count);

    /// <summary>Empty where the file has no column of names.</summary>
    public ReadOnlySpan<ReadOnlyMemory<char>> Names => _areNamed ? _names.AsSpan(0, Count) : [];

    /// <summary>Adds the row whose scores were written behind those of the others.</summary>
    public void Add(int label, ulong number, string? name)
    {
        _areNamed = name is not null;
        (_labels[Count], _numbers[Count], _names[Count]) = (label, number, name.AsMemory());
        Count++;
    }
}
