namespace Microsoft.ML.Data;

/// <summary>Data computed from other data.</summary>
internal interface IDataTransform : IDataView
{
    IDataView Source { get; }
}
