using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter.Proto;
using DataType = Microsoft.ML.Model.OnnxConverter.Proto.TensorProto.Types.DataType;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>Columns as tensors: a row of the batch, then the column's dimensions.</summary>
internal static class OnnxTypes
{
    private static readonly Dictionary<Type, DataType> ElementTypes = new()
    {
        [typeof(bool)] = DataType.Bool,
        [typeof(ReadOnlyMemory<char>)] = DataType.String,
        [typeof(sbyte)] = DataType.Int8,
        [typeof(byte)] = DataType.Uint8,
        [typeof(short)] = DataType.Int16,
        [typeof(ushort)] = DataType.Uint16,
        [typeof(int)] = DataType.Int32,
        [typeof(uint)] = DataType.Uint32,
        [typeof(long)] = DataType.Int64,
        [typeof(ulong)] = DataType.Uint64,
        [typeof(float)] = DataType.Float,
        [typeof(double)] = DataType.Double,
    };

    public static DataType ElementType(Type rawType) =>
        ElementTypes.TryGetValue(rawType, out var type) ? type : throw new InvalidOperationException("Unsupported type: " + rawType);

    /// <summary>How many values a row has; 0 where that is unknown.</summary>
    public static int ValueCount(DataViewType type) => type is VectorDataViewType vector ? vector.Size : 1;

    public static ValueInfoProto Describe(string name, DataViewType type)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = -1 });
        if (ValueCount(type) == 0)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "None" });
        else if (ValueCount(type) == 1)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 1 });
        else
            shape.Dim.Add(((VectorDataViewType)type).Dimensions.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)ElementType(type.GetItemType().RawType), Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
