using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where one component of a model reads itself back from.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    public const string ModelStreamName = "Model.key";
    public readonly RepositoryReader Repository;
    public readonly string Directory;
    public readonly BinaryReader Reader;
    public readonly string[] Strings;
    public readonly string LoaderAssemblyName;
    internal ModelHeader Header;

    private ModelLoadContext(RepositoryReader repository, Stream stream, string directory)
    {
        Repository = repository;
        Directory = directory;
        Reader = new BinaryReader(stream, Encoding.UTF8);
        Contracts.CheckDecode(stream.Length >= ModelHeader.Size);
        stream.ReadExactly(MemoryMarshal.AsBytes(new Span<ModelHeader>(ref Header)));
        Header.Validate(stream.Length);
        Strings = ReadStrings();
        LoaderAssemblyName = ReadText(Header.FpAssemblyName, Header.CbAssemblyName);
        stream.Position = Header.FpTail;
        Contracts.CheckDecode(Reader.ReadUInt64() == ModelHeader.TailSignature, "Corrupt model file tail");
        stream.Position = Header.FpModel;
    }

    public void CheckAtModel(VersionInfo ver)
    {
        Contracts.CheckDecode(Reader.BaseStream.Position == Header.FpModel);
        Header.CheckVersionInfo(ver);
    }

    public void CheckVersionInfo(VersionInfo ver) => Header.CheckVersionInfo(ver);

    public string LoadStringOrNull()
    {
        int id = Reader.ReadInt32();
        Contracts.CheckDecode(id >= -1 && id < Strings.Length);
        return id < 0 ? null : Strings[id];
    }

    public string LoadString()
    {
        int id = Reader.ReadInt32();
        Contracts.CheckDecode(id >= 0 && id < Strings.Length);
        return Strings[id];
    }

    public string LoadNonEmptyString()
    {
        var text = LoadString();
        Contracts.CheckDecode(text.Length > 0);
        return text;
    }

    public bool TryProcessSubModel(string dir, Action<ModelLoadContext> action)
    {
        var path = Path.Combine(Directory ?? "", dir);
        using var stream = Repository.OpenEntryOrNull(path, ModelStreamName);
        if (stream == null)
            return false;
        using var context = new ModelLoadContext(Repository, stream, path);
        action(context);
        return true;
    }

    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name)
        where TRes : class => LoadModel<TRes, TSig>(env, out result, Repository, Path.Combine(Directory ?? "", name));

    public static void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string dir)
        where TRes : class
    {
        using var stream = rep.OpenEntryOrNull(dir, ModelStreamName) ?? throw Contracts.ExceptDecode("Corrupt model file");
        using var context = new ModelLoadContext(rep, stream, dir);
        context.RegisterLoaderAssembly(env.ComponentCatalog);
        result = context.Create<TRes>(env, typeof(TSig)) ?? throw Contracts.ExceptDecode($"Couldn't load model: '{dir}'");
        Contracts.CheckDecode(context.Reader.BaseStream.Position == context.Header.FpModel + context.Header.CbModel, "Corrupt model file");
    }

    public void Dispose() => Reader.Dispose();

    private TRes Create<TRes>(IHostEnvironment environment, Type signature)
        where TRes : class
    {
        foreach (var name in new[] { Header.LoaderSignature.Text, Header.LoaderSignatureAlt.Text })
        {
            if (!string.IsNullOrWhiteSpace(name) && environment.ComponentCatalog.CreateInstance(environment, signature, name, this) is TRes made)
                return made;
        }

        return null;
    }

    private void RegisterLoaderAssembly(ComponentCatalog catalog)
    {
        if (string.IsNullOrEmpty(LoaderAssemblyName))
            return;
        // Everything that ML.NET keeps in its own assemblies is in this one.
        bool isMLNet = LoaderAssemblyName.StartsWith("Microsoft.ML.", StringComparison.Ordinal);
        catalog.RegisterAssembly(isMLNet ? typeof(ModelLoadContext).Assembly : Assembly.Load(LoaderAssemblyName));
    }

    private string[] ReadStrings()
    {
        var offsets = new long[Header.CbStringTable / sizeof(long)];
        Reader.BaseStream.Position = Header.FpStringTable;
        Reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(offsets.AsSpan()));
        var strings = new string[offsets.Length];
        long start = 0;
        for (int index = 0; index < strings.Length; index++)
        {
            long end = offsets[index];
            Contracts.CheckDecode(end >= start && end <= Header.CbStringChars && end % sizeof(char) == 0);
            strings[index] = ReadText(Header.FpStringChars + start, end - start);
            start = end;
        }

        Contracts.CheckDecode(start == Header.CbStringChars);
        return strings;
    }

    private string ReadText(long position, long byteCount)
    {
        Reader.BaseStream.Position = position;
        return string.Create((int)byteCount / sizeof(char), Reader.BaseStream,
            static (characters, stream) => stream.ReadExactly(MemoryMarshal.AsBytes(characters)));
    }
}
