namespace MLNet.Softmax.Tool;

/// <summary>A block of rows of a score file.</summary>
internal sealed class ScoreBlock
{
    private readonly int _classCount;
    private readonly float[] _scores;
    private readonly int[] _labels;
    private readonly ulong[] _numbers;
    private readonly ReadOnlyMemory<char>[] _names;
    private bool _areNamed;

    public ScoreBlock(int classCount)
    {
        // With many classes, a block has fewer rows, to limit its memory.
        var capacity = Math.Clamp((1 << 20) / classCount, 1, 4096);
        _classCount = classCount;
        (_labels, _numbers, _names) = (new int[capacity], new ulong[capacity], new ReadOnlyMemory<char>[capacity]);
        _scores = new float[capacity * classCount];
    }

    public int Count { get; private set; }

    public bool IsFull => Count == _labels.Length;

    /// <summary>The scores, row after row, one value per class.</summary>
    public Span<float> Scores => _scores.AsSpan(0, Count * _classCount);

    /// <summary>The class of each row.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Count);

    /// <summary>The number of each row: its position in a single file; with several files, counted through all of them from 0.</summary>
    public Span<ulong> Numbers => _numbers.AsSpan(0, Count);

    /// <summary>The row ids. Without ids: file and row, or empty for a single file.</summary>
    public ReadOnlySpan<ReadOnlyMemory<char>> Names => _areNamed ? _names.AsSpan(0, Count) : [];

    /// <summary>The place for the scores of the next row.</summary>
    public Span<float> Next => _scores.AsSpan(Count * _classCount, _classCount);

    public ReadOnlySpan<float> Row(int row) => _scores.AsSpan(row * _classCount, _classCount);

    public void CopyFrom(ScoreBlock other)
    {
        (Count, _areNamed) = (other.Count, other._areNamed);
        other.Scores.CopyTo(_scores);
        other.Labels.CopyTo(_labels);
        other.Numbers.CopyTo(_numbers);
        other.Names.CopyTo(_names);
    }

    public void Clear(bool areNamed) => (Count, _areNamed) = (0, areNamed);

    /// <summary>Adds the row whose scores are at <see cref="Next"/>.</summary>
    public void Add(int label, ulong number, string? name)
    {
        (_labels[Count], _numbers[Count], _names[Count]) = (label, number, name.AsMemory());
        Count++;
    }
}
