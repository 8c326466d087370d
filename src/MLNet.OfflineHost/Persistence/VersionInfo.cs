namespace Microsoft.ML;

/// <summary>What a component writes ahead of itself: an eight-character signature, its format's versions, and who loads it.</summary>
internal readonly struct VersionInfo
{
    public readonly ulong ModelSignature;
    public readonly uint VerWrittenCur;
    public readonly uint VerReadableCur;
    public readonly uint VerWeCanReadBack;
    public readonly string LoaderAssemblyName;
    public readonly string LoaderSignature;
    public readonly string LoaderSignatureAlt;

    public VersionInfo(
        string modelSignature,
        uint verWrittenCur,
        uint verReadableCur,
        uint verWeCanReadBack,
        string loaderAssemblyName,
        string loaderSignature = null,
        string loaderSignatureAlt = null)
    {
        if (modelSignature?.Length != 8)
            throw new InvalidOperationException("Model signature must be eight characters");
        for (int index = 0; index < modelSignature.Length; index++)
        {
            if (modelSignature[index] != ' ')
                ModelSignature |= (ulong)modelSignature[index] << (index * 8);
        }

        VerWrittenCur = verWrittenCur;
        VerReadableCur = verReadableCur;
        VerWeCanReadBack = verWeCanReadBack;
        LoaderAssemblyName = loaderAssemblyName;
        LoaderSignature = loaderSignature;
        LoaderSignatureAlt = loaderSignatureAlt;
    }

    /// <summary>The version info of a component of this host, under the name of the ML.NET assembly that holds the real one.</summary>
    public static VersionInfo OfHost(string modelSignature, uint version, string loaderSignature, string assembly = "Microsoft.ML.Data") =>
        new(modelSignature, version, version, version, assembly + ", Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51", loaderSignature);
}
