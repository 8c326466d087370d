namespace Microsoft.ML.Data;

/// <summary>The unsigned member counts from 0 up to <c>count</c> - 1; anything above is a missing key.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class KeyTypeAttribute : Attribute
{
    public KeyTypeAttribute(ulong count) => Count = count;

    internal ulong Count { get; }
}
