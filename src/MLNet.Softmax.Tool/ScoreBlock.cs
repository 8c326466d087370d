namespace MLNet.Softmax.Tool;

/// <summary>A block of rows of a score file.</summary>
internal sealed class ScoreBlock
{
    private readonly int _classCount;
    private readonly float[] _scores;
    private readonly int[] _labels;
    private readonly int[] _decisions;
    private readonly float[] _weights;
    private readonly ulong[] _numbers;
    private readonly ReadOnlyMemory<char>[] _names;
    private bool _areNamed;
    private bool _areWeighted;

    public ScoreBlock(int classCount)
    {
        // With many classes, a block has fewer rows, to limit its memory.
        var capacity = Math.Clamp((1 << 20) / classCount, 1, 4096);
        _classCount = classCount;
        (_labels, _numbers, _names) = (new int[capacity], new ulong[capacity], new ReadOnlyMemory<char>[capacity]);
        (_decisions, _weights) = (new int[capacity], new float[capacity]);
        _scores = new float[capacity * classCount];
    }

    public int Count { get; private set; }

    public bool IsFull => Count == _labels.Length;

    /// <summary>The scores, row after row, one value per class.</summary>
    public Span<float> Scores => _scores.AsSpan(0, Count * _classCount);

    /// <summary>The class of each row.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Count);

    /// <summary>The decision of each row, negative for none; without a column of decisions, all are negative.</summary>
    public ReadOnlySpan<int> Decisions => _decisions.AsSpan(0, Count);

    /// <summary>The weight of each row; empty if every row counts 1.</summary>
    public ReadOnlySpan<float> Weights => _areWeighted ? _weights.AsSpan(0, Count) : [];

    /// <summary>The number of each row: its position in a single file; with several files, counted through all of them from 0.</summary>
    public Span<ulong> Numbers => _numbers.AsSpan(0, Count);

    /// <summary>The row ids. Without ids: file and row, or empty for a single file.</summary>
    public ReadOnlySpan<ReadOnlyMemory<char>> Names => _areNamed ? _names.AsSpan(0, Count) : [];

    /// <summary>The place for the scores of the next row.</summary>
    public Span<float> Next => _scores.AsSpan(Count * _classCount, _classCount);

    public ReadOnlySpan<float> Row(int row) => _scores.AsSpan(row * _classCount, _classCount);

    public void CopyFrom(ScoreBlock other)
    {
        (Count, _areNamed, _areWeighted) = (other.Count, other._areNamed, other._areWeighted);
        other.Scores.CopyTo(_scores);
        other.Labels.CopyTo(_labels);
        other.Decisions.CopyTo(_decisions);
        other.Weights.CopyTo(_weights);
        other.Numbers.CopyTo(_numbers);
        other.Names.CopyTo(_names);
    }

    public void Clear(bool areNamed, bool areWeighted) => (Count, _areNamed, _areWeighted) = (0, areNamed, areWeighted);

    /// <summary>Adds the row whose scores are at <see cref="Next"/>.</summary>
    public void Add(int label, int decision, float weight, ulong number, string? name)
    {
        (_labels[Count], _decisions[Count], _weights[Count]) = (label, decision, weight);
        (_numbers[Count], _names[Count]) = (number, name.AsMemory());
        Count++;
    }
}
