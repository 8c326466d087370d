namespace MLNet.Softmax.Persistence;

/// <summary>A transformer that can be read back from a model file; its class carries <see cref="ModelFormatAttribute"/>.</summary>
internal interface ILoadableTransformer<TSelf>
    where TSelf : RowToRowTransformer, ILoadableTransformer<TSelf>
{
    /// <summary>Reads what the transformer's Save wrote, and checks it before it is believed.</summary>
    /// <exception cref="FormatException">What is there cannot be such a transformer.</exception>
    static abstract TSelf Load(ModelReader reader);
}

/// <summary>How a transformer is told from others in a model file.</summary>
/// <param name="loaderSignature">The name under which it is found again: unique, at most 24 Latin-1 characters, never changed.</param>
/// <param name="modelSignature">Eight characters that mark its data in the file, never changed.</param>
/// <param name="version">The version of its format, from 1 on; raised when what is written changes. Earlier ones stay readable.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class ModelFormatAttribute(string loaderSignature, string modelSignature, uint version) : Attribute
{
    public string LoaderSignature => loaderSignature;

    public string ModelSignature => modelSignature;

    public uint Version => version;
}
