using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// Held-out rows, scores with their label, collected once and then fitted as often as wanted. Scores are kept as 32-bit
/// logits: <c>4 * classes + 6</c> bytes a row, in chunks, so that collecting never needs a second copy.
/// </summary>
/// <remarks>Rows that no fit could use are counted in <see cref="LeftOut"/> and not kept. Not safe for concurrent use.</remarks>
public sealed class CalibrationRows
{
    private const int ChunkFloats = 1 << 18;

    private readonly List<RowChunk> _chunks = [];
    private readonly RowTileWriter _writer;
    private readonly long[] _labelCounts;
    private readonly float[] _staged;
    private readonly ushort[] _stagedLabels = new ushort[RowChunk.TileRows];
    private int _stagedRows;
    private int _fullTiles;
    private long _fullRows;
    private long _missingLabel;
    private long _unknownLabel;
    private long _notFinite;

    /// <summary>An empty collection.</summary>
    /// <param name="classCount">Classes in a row, from 2 to 65,535.</param>
    /// <param name="scores">What the scores are. Probabilities are turned into logits as they come in.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is below 2 or above 65,535, or
    /// <paramref name="scores"/> is no value of its enumeration.</exception>
    public CalibrationRows(int classCount, RowScores scores)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, ushort.MaxValue);
        if (!Enum.IsDefined(scores))
            throw new ArgumentOutOfRangeException(nameof(scores), scores, "Expected RowScores.Logits or RowScores.Probabilities.");
        ClassCount = classCount;
        Scores = scores;
        _writer = new RowTileWriter(classCount, scores);
        _labelCounts = new long[classCount];
        _staged = new float[RowChunk.TileRows * classCount];
    }

    /// <summary>Classes in a row.</summary>
    public int ClassCount { get; }

    /// <summary>What the scores were when they came in.</summary>
    public RowScores Scores { get; }

    /// <summary>Usable rows collected so far.</summary>
    public long Count
    {
        get
        {
            Seal();
            return _fullRows + _stagedRows;
        }
    }

    /// <summary>Rows that were offered and are not kept, by reason.</summary>
    public RowsLeftOut LeftOut
    {
        get
        {
            Seal();
            return new RowsLeftOut(_missingLabel, _unknownLabel, _notFinite, 0, 0);
        }
    }

    /// <summary>Usable rows of each class, by class index.</summary>
    public ReadOnlySpan<long> LabelCounts
    {
        get
        {
            Seal();
            return _labelCounts;
        }
    }

    internal ReadOnlySpan<RowChunk> Chunks
    {
        get
        {
            Seal();
            return CollectionsMarshal.AsSpan(_chunks);
        }
    }

    /// <summary>Collects rows that lie one after another.</summary>
    /// <param name="scores">The scores, row after row: <c>labels.Length * classCount</c> values.</param>
    /// <param name="labels">Each row's class index, negative where it has none.</param>
    /// <param name="classCount">Classes in a row, from 2 to 65,535.</param>
    /// <param name="kind">What the scores are.</param>
    /// <exception cref="ArgumentException">The scores are not <c>labels.Length * classCount</c> values.</exception>
    public static CalibrationRows From(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int classCount, RowScores kind)
    {
        var rows = new CalibrationRows(classCount, kind);
        if (scores.Length != (long)labels.Length * classCount)
        {
            throw new ArgumentException(
                $"{labels.Length} labels and {classCount} classes need {(long)labels.Length * classCount} scores, not {scores.Length}.",
                nameof(scores));
        }
        for (var row = 0; row < labels.Length; row++)
            rows.Add(scores.Slice(row * classCount, classCount), labels[row]);
        return rows;
    }

    /// <summary>Adds a row, or counts it as left out.</summary>
    /// <param name="scores">One value a class.</param>
    /// <param name="label">The row's class index, negative when the label is missing.</param>
    /// <exception cref="ArgumentException"><paramref name="scores"/> does not have one value a class.</exception>
    public void Add(ReadOnlySpan<float> scores, int label)
    {
        if (scores.Length != ClassCount)
            throw new ArgumentException($"The row has {scores.Length} scores, but there are {ClassCount} classes.", nameof(scores));
        if ((uint)label >= (uint)ClassCount)
        {
            if (label < 0)
                _missingLabel++;
            else
                _unknownLabel++;
            return;
        }
        scores.CopyTo(_staged.AsSpan(_stagedRows * ClassCount));
        _stagedLabels[_stagedRows++] = (ushort)label;
        _labelCounts[label]++;
        if (_stagedRows == RowChunk.TileRows)
            Seal();
    }

    /// <summary>Writes what is staged into the last tile, which stays open for more until it is full.</summary>
    private void Seal()
    {
        if (_stagedRows == 0)
            return;
        if (_chunks.Count == 0 || _fullTiles == _chunks[^1].TileCapacity)
            OpenChunk();
        var chunk = _chunks[^1];
        while (_stagedRows > 0)
        {
            var usable = _writer.Write(chunk, _fullTiles, _staged, _stagedLabels, _stagedRows);
            if (usable == ushort.MaxValue >> (RowChunk.TileRows - _stagedRows))
                break;
            DropUnusable(usable);
        }
        chunk.RowCount = _fullTiles * RowChunk.TileRows + _stagedRows;
        chunk.TileCount = _fullTiles + (_stagedRows > 0 ? 1 : 0);
        if (_stagedRows < RowChunk.TileRows)
            return;
        _fullTiles++;
        _fullRows += RowChunk.TileRows;
        _stagedRows = 0;
    }

    private void OpenChunk()
    {
        _chunks.Add(new RowChunk(ClassCount, Math.Max(1, ChunkFloats / (RowChunk.TileRows * ClassCount))));
        _fullTiles = 0;
    }

    private void DropUnusable(int usable)
    {
        var kept = 0;
        for (var row = 0; row < _stagedRows; row++)
        {
            if ((usable >> row & 1) == 0)
            {
                _labelCounts[_stagedLabels[row]]--;
                _notFinite++;
                continue;
            }
            _staged.AsSpan(row * ClassCount, ClassCount).CopyTo(_staged.AsSpan(kept * ClassCount));
            _stagedLabels[kept++] = _stagedLabels[row];
        }
        _stagedRows = kept;
    }
}
