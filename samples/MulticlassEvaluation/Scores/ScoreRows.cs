namespace MulticlassEvaluation.Scores;

/// <summary>Some rows of a file, in memory that is used again for the next ones.</summary>
internal sealed class ScoreRows(int classCount)
{
    public const int Capacity = 1024;

    private readonly float[] _scores = new float[Capacity * classCount];
    private readonly int[] _labels = new int[Capacity];
    private readonly ulong[] _numbers = new ulong[Capacity];
    private readonly ReadOnlyMemory<char>[] _names = new ReadOnlyMemory<char>[Capacity];

    public int ClassCount => classCount;

    public int Count { get; private set; }

    /// <summary>Row after row, one value a class.</summary>
    public Span<float> Scores => _scores.AsSpan(0, Count * classCount);

    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Count);

    /// <summary>Where each row stands in the file; the header is row 1.</summary>
    public ReadOnlySpan<ulong> Numbers => _numbers.AsSpan(0, Count);

    /// <summary>Empty where the file has no column of names.</summary>
    public ReadOnlySpan<ReadOnlyMemory<char>> Names => HasNames ? _names.AsSpan(0, Count) : [];

    private bool HasNames { get; set; }

    /// <summary>Where the scores of the next row go.</summary>
    public Span<float> Next => _scores.AsSpan(Count * classCount, classCount);

    public void Clear() => Count = 0;

    /// <summary>Takes the row whose scores were written to <see cref="Next"/>.</summary>
    public void Add(int label, long number, string? name)
    {
        _labels[Count] = label;
        _numbers[Count] = (ulong)number;
        _names[Count] = name.AsMemory();
        HasNames = name is not null;
        Count++;
    }
}
