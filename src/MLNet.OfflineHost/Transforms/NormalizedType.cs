using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The type of a normalised column as a saved normaliser keeps it: whether a vector, of what, its dimensions.</summary>
internal static class NormalizedType
{
    private const byte SingleKind = 9;

    public static void Write(BinaryWriter writer, DataViewType type)
    {
        writer.Write(type is VectorDataViewType);
        writer.Write(SingleKind);
        if (type is not VectorDataViewType vector)
            return;
        writer.Write(vector.Dimensions.Length);
        foreach (int dimension in vector.Dimensions)
            writer.Write(dimension);
    }

    public static DataViewType Read(BinaryReader reader)
    {
        bool isVector = reader.ReadBoolean();
        Contracts.CheckDecode(reader.ReadByte() == SingleKind, "The normaliser in the model file is not one of Single.");
        if (!isVector)
            return NumberDataViewType.Single;
        int rank = reader.ReadInt32();
        Contracts.CheckDecode(rank > 0 && rank <= (reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(int));
        var dimensions = new int[rank];
        for (int index = 0; index < rank; index++)
            Contracts.CheckDecode((dimensions[index] = reader.ReadInt32()) > 0);
        return new VectorDataViewType(NumberDataViewType.Single, dimensions);
    }
}
