using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The first 256 bytes of every component in a model file, in ML.NET's layout: where the component's bytes, its table of strings and
/// the name of its loader's assembly stand, and which versions wrote it. Offsets count from the header's own beginning.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct ModelHeader
{
    public const int Size = 256;
    public const ulong TailSignature = 0x4D4C004D4F44454C;
    private const ulong FileSignature = 0x4C45444F4D004C4D;
    private const uint CurrentVersion = 0x00010002;
    private const uint OldestReadable = 0x00010001;

    public ulong Signature;
    public uint VerWritten;
    public uint VerReadable;
    public long FpModel;
    public long CbModel;
    public long FpStringTable;
    public long CbStringTable;
    public long FpStringChars;
    public long CbStringChars;
    public ulong ModelSignature;
    public uint ModelVerWritten;
    public uint ModelVerReadable;
    public LoaderName LoaderSignature;
    public LoaderName LoaderSignatureAlt;
    public long FpTail;
    public long FpLim;
    public long FpAssemblyName;
    public uint CbAssemblyName;

    public static ModelHeader New() => new()
    {
        Signature = FileSignature,
        VerWritten = CurrentVersion,
        VerReadable = CurrentVersion,
        FpModel = Size,
    };

    public void SetVersionInfo(VersionInfo version)
    {
        ModelSignature = version.ModelSignature;
        ModelVerWritten = version.VerWrittenCur;
        ModelVerReadable = version.VerReadableCur;
        LoaderSignature = LoaderName.Of(version.LoaderSignature);
        LoaderSignatureAlt = LoaderName.Of(version.LoaderSignatureAlt);
    }

    public readonly void CheckVersionInfo(VersionInfo version)
    {
        Contracts.CheckDecode(ModelSignature == version.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(ModelVerReadable <= ModelVerWritten, "Corrupt file header");
        Contracts.CheckDecode(ModelVerReadable <= version.VerWrittenCur,
            $"Cannot read component '{version.LoaderSignature}' of the model, because the model is too new: " +
            $"maximum expected version {version.VerWrittenCur}, got {ModelVerReadable}.");
        Contracts.CheckDecode(ModelVerWritten >= version.VerWeCanReadBack,
            $"Cannot read component '{version.LoaderSignature}' of the model, because the model is too old: " +
            $"minimum expected version {version.VerWeCanReadBack}, got {ModelVerWritten}.");
    }

    /// <summary>Refuses every header whose parts do not follow each other within <paramref name="available"/> bytes.</summary>
    public readonly void Validate(long available)
    {
        Contracts.CheckDecode(Signature == FileSignature, "Wrong file type");
        Contracts.CheckDecode(VerReadable <= VerWritten, "Corrupt file header");
        Contracts.CheckDecode(VerReadable <= CurrentVersion, "File is too new");
        Contracts.CheckDecode(VerWritten >= OldestReadable, "File is too old");
        Contracts.CheckDecode(FpModel == Size && CbModel >= 0 && CbModel <= available);
        Contracts.CheckDecode(CbStringTable >= 0 && CbStringTable <= available && CbStringChars >= 0 && CbStringChars <= available);
        long end = FpModel + CbModel;
        if (FpStringTable == 0)
        {
            Contracts.CheckDecode(CbStringTable == 0 && FpStringChars == 0 && CbStringChars == 0);
        }
        else
        {
            Contracts.CheckDecode(FpStringTable == end && CbStringTable > 0 && CbStringTable % sizeof(long) == 0);
            end += CbStringTable;
            Contracts.CheckDecode(FpStringChars == end && CbStringChars % sizeof(char) == 0);
            end += CbStringChars;
        }

        Contracts.CheckDecode(FpAssemblyName == 0 ? CbAssemblyName == 0 : FpAssemblyName == end && CbAssemblyName % sizeof(char) == 0);
        Contracts.CheckDecode(FpTail == end + CbAssemblyName && FpLim == FpTail + sizeof(ulong) && FpLim > 0 && FpLim <= available);
    }

    /// <summary>Up to 24 characters, each in one byte.</summary>
    [InlineArray(24)]
    public struct LoaderName
    {
        private byte _first;

        public static LoaderName Of(string name)
        {
            LoaderName result = default;
            if (name is { Length: > 24 })
                throw new InvalidOperationException($"The loader signature '{name}' is longer than 24 characters.");
            Encoding.Latin1.GetBytes(name ?? "", result);
            return result;
        }

        public readonly string Text => Encoding.Latin1.GetString(this).TrimEnd('\0');
    }
}
