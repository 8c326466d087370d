using Google.Protobuf;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML;

public static class OnnxExportExtensions
{
    public static void ConvertToOnnx(this ModelOperationsCatalog catalog, ITransformer transform, IDataView inputData, Stream stream) =>
        OnnxExport.Run(catalog.GetEnvironment(), new OnnxContext(), transform, inputData).WriteTo(stream);

    public static void ConvertToOnnx(
        this ModelOperationsCatalog catalog, ITransformer transform, IDataView inputData, int opSetVersion, Stream stream) =>
        OnnxExport.Run(catalog.GetEnvironment(), new OnnxContext(opSetVersion), transform, inputData).WriteTo(stream);

    public static void ConvertToOnnx(
        this ModelOperationsCatalog catalog, ITransformer transform, IDataView inputData, Stream stream, params string[] outputColumns) =>
        OnnxExport.Run(catalog.GetEnvironment(), new OnnxContext(), transform, inputData, outputColumns).WriteTo(stream);
}
