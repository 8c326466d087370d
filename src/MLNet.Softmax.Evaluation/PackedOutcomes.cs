using System.Runtime.InteropServices;

namespace MLNet.Softmax.Evaluation;

/// <summary>The outcomes of rows, in as few bytes as they need: new memory takes more time than what is written to it.</summary>
internal readonly struct PackedOutcomes
{
    private readonly double[] _squaredErrors;
    private readonly float[] _labelProbabilities;
    private readonly byte[] _indices;
    private readonly int _indexSize;

    public PackedOutcomes(int classCount, int capacity)
    {
        _indexSize = StateTransfer.IndexSize(classCount);
        Confidences = GC.AllocateUninitializedArray<RowConfidence>(capacity);
        _squaredErrors = GC.AllocateUninitializedArray<double>(capacity);
        _labelProbabilities = GC.AllocateUninitializedArray<float>(capacity);
        _indices = GC.AllocateUninitializedArray<byte>(checked(capacity * 3 * _indexSize));
    }

    public RowConfidence[] Confidences { get; }

    public int Capacity => Confidences.Length;

    public void Write(int start, ReadOnlySpan<RowOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
        {
            Confidences[start] = RowConfidence.Of(outcome);
            _squaredErrors[start] = outcome.SquaredError;
            _labelProbabilities[start] = outcome.LabelProbability;
            WriteIndex(3 * start, outcome.Label);
            WriteIndex((3 * start) + 1, outcome.Predicted);
            WriteIndex((3 * start) + 2, outcome.Rank);
            start++;
        }
    }

    /// <summary>The first outcomes, as many as there is room for.</summary>
    public void CopyTo(Span<RowOutcome> outcomes)
    {
        for (var row = 0; row < outcomes.Length; row++)
        {
            outcomes[row] = new(
                Index(3 * row), Index((3 * row) + 1), Index((3 * row) + 2), _labelProbabilities[row], Confidences[row].Probability,
                Confidences[row].Weight, _squaredErrors[row]);
        }
    }

    private int Index(int position) => _indexSize switch
    {
        sizeof(byte) => _indices[position],
        sizeof(ushort) => MemoryMarshal.Cast<byte, ushort>(_indices)[position],
        _ => MemoryMarshal.Cast<byte, int>(_indices)[position],
    };

    private void WriteIndex(int position, int index)
    {
        if (_indexSize == sizeof(byte))
            _indices[position] = (byte)index;
        else if (_indexSize == sizeof(ushort))
            MemoryMarshal.Cast<byte, ushort>(_indices.AsSpan())[position] = (ushort)index;
        else
            MemoryMarshal.Cast<byte, int>(_indices.AsSpan())[position] = index;
    }
}
