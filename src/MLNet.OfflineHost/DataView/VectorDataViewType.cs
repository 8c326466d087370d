using System.Collections.Immutable;

namespace Microsoft.ML.Data;

/// <summary>A vector or tensor of one primitive type; a dimension of 0 is unknown.</summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0)
        : this(itemType, ImmutableArray.Create(size))
    {
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : this(itemType, dimensions?.ToImmutableArray() ?? [])
    {
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions)
        : base(RawVectorType(itemType))
    {
        if (dimensions.IsDefaultOrEmpty)
            throw new ArgumentOutOfRangeException(nameof(dimensions), "A vector has at least one dimension.");
        if (dimensions.Any(dimension => dimension < 0))
            throw new ArgumentOutOfRangeException(nameof(dimensions), $"No dimension is negative, but got [{string.Join(", ", dimensions)}].");
        ItemType = itemType;
        Dimensions = dimensions;
        Size = dimensions.Aggregate(1, (size, dimension) => checked(size * dimension));
    }

    public ImmutableArray<int> Dimensions { get; }
    public bool IsKnownSize => Size > 0;
    public PrimitiveDataViewType ItemType { get; }

    /// <summary>The product of the dimensions, or 0 where one is unknown.</summary>
    public int Size { get; }

    public override bool Equals(DataViewType other)
        => other is VectorDataViewType vector && ItemType.Equals(vector.ItemType) && Dimensions.SequenceEqual(vector.Dimensions);

    public override string ToString()
    {
        if (Dimensions.Length == 1)
            return Size > 0 ? $"Vector<{ItemType}, {Size}>" : $"Vector<{ItemType}>";
        return $"Vector<{ItemType}, {string.Join(", ", Dimensions.Select(dimension => dimension > 0 ? dimension.ToString() : "*"))}>";
    }

    private static Type RawVectorType(PrimitiveDataViewType itemType)
    {
        ArgumentNullException.ThrowIfNull(itemType);
        return typeof(VBuffer<>).MakeGenericType(itemType.RawType);
    }
}
