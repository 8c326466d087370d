namespace Microsoft.ML.Data;

/// <summary>How many values a key column of a text file takes; null for as many as its type holds.</summary>
public sealed class KeyCount
{
    public ulong? Count;

    public KeyCount()
    {
    }

    public KeyCount(ulong count) => Count = count;
}
