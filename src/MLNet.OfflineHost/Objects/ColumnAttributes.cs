namespace Microsoft.ML.Data;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ColumnNameAttribute : Attribute
{
    public ColumnNameAttribute(string name) => Name = name;

    internal string Name { get; }
}

/// <summary>The member is no column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class NoColumnAttribute : Attribute;

/// <summary>The unsigned member counts from 0 up to <c>count</c> - 1; anything above is a missing key.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class KeyTypeAttribute : Attribute
{
    public KeyTypeAttribute(ulong count) => Count = count;

    internal ulong Count { get; }
}

/// <summary>The dimensions of an array member; without them, or with a zero among them, its size is unknown.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class VectorTypeAttribute : Attribute
{
    public VectorTypeAttribute() => Dimensions = [];

    public VectorTypeAttribute(int size) => Dimensions = [size];

    public VectorTypeAttribute(params int[] dimensions) => Dimensions = dimensions;

    internal int[] Dimensions { get; }
}
