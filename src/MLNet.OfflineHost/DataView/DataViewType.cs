namespace Microsoft.ML.Data;

/// <summary>The type of a column.</summary>
public abstract class DataViewType : IEquatable<DataViewType>
{
    private protected DataViewType(Type rawType) => RawType = rawType;

    /// <summary>The .NET type of the values that getters give.</summary>
    public Type RawType { get; }

    public virtual bool Equals(DataViewType other) => ReferenceEquals(this, other);

    public sealed override bool Equals(object obj) => obj is DataViewType other && Equals(other);

    public override int GetHashCode() => RawType.GetHashCode();
}

/// <summary>A type made of parts: a vector, an image.</summary>
public abstract class StructuredDataViewType : DataViewType
{
    protected StructuredDataViewType(Type rawType) : base(rawType) { }
}

/// <summary>A type without parts, which a vector may hold.</summary>
public abstract class PrimitiveDataViewType : DataViewType
{
    protected PrimitiveDataViewType(Type rawType) : base(rawType) { }
}
