using Microsoft.ML.Data;

namespace Microsoft.ML.Model.OnnxConverter;

internal interface ICanSaveOnnx
{
    bool CanSaveOnnx(OnnxContext ctx);
}

internal interface ISaveAsOnnx : ICanSaveOnnx
{
    void SaveAsOnnx(OnnxContext ctx);
}

/// <summary>A step of a pipeline's data that adds itself to the graph: the export walks back from one to the next.</summary>
internal interface ITransformCanSaveOnnx : ISaveAsOnnx, IDataTransform
{
}
