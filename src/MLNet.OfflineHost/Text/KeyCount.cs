namespace Microsoft.ML.Data;

/// <summary>How many values a key column of a text file takes.</summary>
public sealed class KeyCount
{
    public KeyCount(ulong count) => Count = count;

    public ulong? Count;
}
