namespace Microsoft.ML.Data;

internal static class DataViewTypeExtensions
{
    /// <summary>A vector's item type, and any other type itself.</summary>
    public static DataViewType GetItemType(this DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;
}
