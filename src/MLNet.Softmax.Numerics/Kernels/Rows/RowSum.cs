namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The sum of a row's exponentials, and what leads from there to the row's log-sum-exp.</summary>
/// <remarks>Handed out field by field: to copy small structures whole the processor
/// would have to wait until the fields have left for the cache.</remarks>
internal struct RowSum
{
    /// <summary>The sum of the exponentials as they were computed, shifted.</summary>
    public double Value;

    /// <summary>How much too large its logarithm is.</summary>
    public double Excess;

    /// <summary>What was subtracted from every score; 0 but for rows of extreme magnitude.</summary>
    public float Offset;
}
