namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>A row's top probability, its weight, and whether the prediction is right, in one integer that sorts by probability.</summary>
internal readonly record struct RowConfidence(ulong Key)
{
    // The sign of the weight, which is never negative.
    private const uint CorrectFlag = 0x8000_0000;

    public float Probability => BitConverter.UInt32BitsToSingle((uint)(Key >> 32));

    public float Weight => BitConverter.UInt32BitsToSingle(ProbabilitySort.Carried(Key) & ~CorrectFlag);

    public float CorrectWeight => (ProbabilitySort.Carried(Key) & CorrectFlag) != 0 ? Weight : 0;

    public static RowConfidence Of(in RowOutcome outcome) => new(ProbabilitySort.Key(
        outcome.TopProbability, BitConverter.SingleToUInt32Bits(outcome.Weight) | (outcome.IsCorrect ? CorrectFlag : 0)));
}
