using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// Held-out rows (scores, label and weight) that you collect once and fit as often as you like. Scores are stored as 32-bit logits in
/// chunks, so collecting never copies them: <c>4 * classes + 6</c> bytes per row. Weights take 4 more bytes per row, from the first chunk
/// on that has a weight other than 1.
/// </summary>
/// <remarks>
/// <para>Rows that no fit can use are counted in <see cref="LeftOut"/> and not kept. In every loss and every mean, a row of weight 2 counts
/// as two equal rows; minimum numbers of rows count it once. Not safe for concurrent use.</para>
/// <para>Masks: a logit far below the largest of its row, such as -1e4, -1e9 or the lowest float, counts as -infinity. The distance must be
/// more than 100, and more than 100 times the median distance between the two largest logits of a row; a logit below -1e30 is always a
/// mask. A row whose true class is masked is excluded from every fit.</para>
/// </remarks>
public sealed class CalibrationRows
{
    private const int ChunkFloats = 1 << 18;

    private readonly List<RowChunk> _chunks = [];
    private readonly RowTileWriter _writer;
    private readonly long[] _labelCounts;
    private readonly float[] _staged;
    private readonly ushort[] _stagedLabels = new ushort[RowChunk.TileRows];
    private readonly float[] _stagedWeights = new float[RowChunk.TileRows];
    private int _stagedRows;
    private bool _isSealed = true;
    private long _ruledOutRows;
    private float? _maskDistance;
    private LeftOutCounter _leftOut;

    private CalibrationRows(int classCount, bool probabilities)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, ushort.MaxValue);
        ClassCount = classCount;
        HoldsProbabilities = probabilities;
        _writer = new RowTileWriter(classCount, probabilities);
        _labelCounts = new long[classCount];
        _staged = new float[RowChunk.TileRows * classCount];
    }

    /// <summary>Classes in a row.</summary>
    public int ClassCount { get; }

    /// <summary>
    /// True if <see cref="Add"/> takes probabilities, false if it takes logits. Probabilities are kept as the logits
    /// <c>ln(max(p, 1.17549435e-38))</c>, so that a probability of exactly 0 stays finite.
    /// </summary>
    public bool HoldsProbabilities { get; }

    /// <summary>Usable rows collected so far.</summary>
    public long Count => KeptRows - _ruledOutRows;

    /// <summary>Rows that were added but not kept, by reason.</summary>
    public RowsLeftOut LeftOut => Sealed()._leftOut.Total;

    /// <summary>Usable rows of each class, by class index.</summary>
    public ReadOnlySpan<long> LabelCounts => Sealed()._labelCounts;

    /// <summary>Rows in the chunks, including those that got weight 0 when masks were replaced.</summary>
    internal long KeptRows => Sealed()._chunks.Sum(chunk => (long)chunk.RowCount);

    /// <summary>What the first row looks like whose true class is ruled out; null if there is none.</summary>
    internal string? FirstRuledOut { get; private set; }

    /// <summary>Whether a row has a weight other than 1.</summary>
    internal bool HasWeights => Sealed()._chunks.Exists(chunk => chunk.Weights is not null);

    internal ReadOnlySpan<RowChunk> Chunks => CollectionsMarshal.AsSpan(Sealed()._chunks);

    /// <summary>Creates an empty collection for rows of logits: raw scores of any scale, the input of a softmax.</summary>
    /// <param name="classCount">Classes in a row, from 2 to 65,535.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is below 2 or above 65,535.</exception>
    public static CalibrationRows OfLogits(int classCount) => new(classCount, probabilities: false);

    /// <summary>Creates an empty collection for rows of probabilities, the output of a softmax.</summary>
    /// <inheritdoc cref="OfLogits"/>
    public static CalibrationRows OfProbabilities(int classCount) => new(classCount, probabilities: true);

    /// <summary>Collects rows of logits that are stored one after another.</summary>
    /// <param name="scores">The values, row after row: <c>labels.Length * classCount</c> values.</param>
    /// <param name="labels">Each row's class index, negative if it has none.</param>
    /// <param name="classCount">Classes in a row, from 2 to 65,535.</param>
    /// <param name="weights">The weight of each row, as in <see cref="Add"/>; empty if all are 1.</param>
    /// <exception cref="ArgumentException">There are not <c>labels.Length * classCount</c> scores, or not one weight per row.</exception>
    public static CalibrationRows FromLogits(
        ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int classCount, ReadOnlySpan<float> weights = default) =>
        OfLogits(classCount).AddAll(scores, labels, weights);

    /// <summary>Collects rows of probabilities that are stored one after another.</summary>
    /// <inheritdoc cref="FromLogits"/>
    public static CalibrationRows FromProbabilities(
        ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int classCount, ReadOnlySpan<float> weights = default) =>
        OfProbabilities(classCount).AddAll(scores, labels, weights);

    /// <summary>Adds a row, or counts it as left out.</summary>
    /// <param name="scores">One value per class.</param>
    /// <param name="label">The row's class index, negative when the label is missing.</param>
    /// <param name="weight">
    /// The weight of the row, like scikit-learn's sample_weight: 2 counts as much as two rows of weight 1. A row whose weight is 0,
    /// negative, NaN or infinite is left out.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="scores"/> does not have one value per class.</exception>
    public void Add(ReadOnlySpan<float> scores, int label, float weight = 1f)
    {
        if (scores.Length != ClassCount)
            throw new ArgumentException($"The row has {scores.Length} scores, but there are {ClassCount} classes.", nameof(scores));
        if (!_leftOut.Admits(label, ClassCount, weight))
            return;
        if (!HoldsProbabilities && scores[label] < -RowTileWriter.LargestMagnitude && RowTileWriter.HasUsableMaximum(scores))
        {
            RuleOut(label, scores[label], TensorPrimitives.Max(scores));
            return;
        }
        (_isSealed, _maskDistance) = (false, null);
        scores.CopyTo(_staged.AsSpan(_stagedRows * ClassCount));
        _stagedWeights[_stagedRows] = weight;
        _stagedLabels[_stagedRows++] = (ushort)label;
        _labelCounts[label]++;
        if (_stagedRows == RowChunk.TileRows)
            Sealed();
    }

    private CalibrationRows AddAll(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights)
    {
        FitGuards.RequireLengths(scores.Length, labels.Length, ClassCount, weights.Length);
        for (var row = 0; row < labels.Length; row++)
            Add(scores.Slice(row * ClassCount, ClassCount), labels[row], weights.IsEmpty ? 1f : weights[row]);
        return this;
    }

    /// <summary>
    /// Replaces masks by the value that -infinity gets, and excludes the rows whose true class is masked: they get weight 0. Returns the
    /// distance below the largest logit of a row from which on a logit is a mask.
    /// </summary>
    internal float ReplaceMasks()
    {
        if (_maskDistance is { } known)
            return known;
        var distance = HoldsProbabilities || KeptRows == 0 ? float.MaxValue : RowMasks.SmallestDistance(this);
        if (_writer.WidestRow > distance)
            ReplaceMasks(distance);
        _maskDistance = distance;
        return distance;
    }

    private void ReplaceMasks(float distance)
    {
        foreach (var chunk in _chunks)
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                var (label, logit) = (chunk.Labels[row], chunk.LabelScores[row]);
                if (!RowMasks.Replace(chunk, row, distance, out var largest))
                    continue;
                RuleOut(label, logit, largest);
                _labelCounts[label]--;
                _ruledOutRows++;
            }
        }
        // The rows of the last tile are written again when it gets more.
        for (var row = 0; row < _stagedRows; row++)
        {
            var place = _chunks[^1].RowCount - _stagedRows + row;
            _chunks[^1].CopyLogits(place, _staged.AsSpan(row * ClassCount, ClassCount));
            _stagedWeights[row] = _chunks[^1].Weight(place);
        }
    }

    private void RuleOut(int label, float logit, float largest)
    {
        _leftOut.AddRuledOutLabel();
        FirstRuledOut ??= string.Create(
            CultureInfo.InvariantCulture, $"class {label} is the true one and has the logit {logit}, while the largest is {largest}");
    }

    /// <summary>Every tile, or one in so many of each chunk.</summary>
    internal RowTiles Tiles(int stride = 1) => new(Chunks, stride);

    /// <summary>Writes rows added since the last call into the last tile, which stays open for more until it is full.</summary>
    private CalibrationRows Sealed()
    {
        if (_isSealed)
            return this;
        _isSealed = true;
        if (_chunks.Count == 0 || _chunks[^1].RowCount == _chunks[^1].TileCapacity * RowChunk.TileRows)
            _chunks.Add(new RowChunk(ClassCount, Math.Max(1, ChunkFloats / (RowChunk.TileRows * ClassCount))));
        var chunk = _chunks[^1];
        var tile = chunk.RowCount / RowChunk.TileRows;
        int usable;
        while ((usable = _writer.Write(chunk, tile, _staged, _stagedLabels, _stagedRows)) != (1 << _stagedRows) - 1)
            DropUnusable(usable);
        chunk.SetWeights(tile, _stagedWeights.AsSpan(0, _stagedRows));
        chunk.RowCount = tile * RowChunk.TileRows + _stagedRows;
        if (_stagedRows == RowChunk.TileRows)
            _stagedRows = 0;
        return this;
    }

    private void DropUnusable(int usable)
    {
        var kept = 0;
        for (var row = 0; row < _stagedRows; row++)
        {
            if ((usable >> row & 1) == 0)
            {
                _labelCounts[_stagedLabels[row]]--;
                _leftOut.AddNotFinite();
                continue;
            }
            _staged.AsSpan(row * ClassCount, ClassCount).CopyTo(_staged.AsSpan(kept * ClassCount));
            _stagedWeights[kept] = _stagedWeights[row];
            _stagedLabels[kept++] = _stagedLabels[row];
        }
        _stagedRows = kept;
    }
}
