using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML;

public interface ICanSaveModel
{
    void Save(ModelSaveContext ctx);
}

/// <summary>Where one component of a model writes itself: an entry of the model file, framed by a header and a table of strings.</summary>
public sealed class ModelSaveContext : IDisposable
{
    internal readonly RepositoryWriter Repository;
    internal readonly string Directory;
    internal readonly BinaryWriter Writer;
    private readonly Dictionary<string, int> _strings = [];
    private ModelHeader _header = ModelHeader.New();
    private string _loaderAssemblyName;

    internal ModelSaveContext(RepositoryWriter repository, string directory, string name)
    {
        Repository = repository;
        Directory = directory;
        Writer = new BinaryWriter(repository.CreateEntry(directory, name), Encoding.UTF8);
        Writer.Write(new byte[ModelHeader.Size]);
    }

    public void Dispose() => Writer.Dispose();

    internal void CheckAtModel()
    {
        if (Writer.BaseStream.Position != ModelHeader.Size)
            throw new InvalidOperationException("The component must set its version before it writes.");
    }

    internal void SetVersionInfo(VersionInfo ver)
    {
        _header.SetVersionInfo(ver);
        _loaderAssemblyName = ver.LoaderAssemblyName;
    }

    internal void SaveStringOrNull(string str)
    {
        if (str == null)
            Writer.Write(-1);
        else
            SaveString(str);
    }

    internal void SaveString(string str)
    {
        ArgumentNullException.ThrowIfNull(str);
        if (!_strings.TryGetValue(str, out int id))
            _strings.Add(str, id = _strings.Count);
        Writer.Write(id);
    }

    internal void SaveNonEmptyString(string str)
    {
        ArgumentException.ThrowIfNullOrEmpty(str);
        SaveString(str);
    }

    internal void SaveModel<T>(T value, string name)
        where T : class => SaveModel(Repository, value, Path.Combine(Directory ?? "", name));

    internal static void SaveModel<T>(RepositoryWriter repository, T value, string path)
        where T : class
    {
        if (value is not ICanSaveModel component)
            return;
        using var context = new ModelSaveContext(repository, path, ModelLoadContext.ModelStreamName);
        component.Save(context);
        context.Done();
    }

    internal void SaveSubModel(string dir, Action<ModelSaveContext> fn)
    {
        using var context = new ModelSaveContext(Repository, Path.Combine(Directory ?? "", dir), ModelLoadContext.ModelStreamName);
        fn(context);
        context.Done();
    }

    internal void Done()
    {
        if (_header.ModelSignature == 0)
            throw new InvalidOperationException("ModelSignature not specified!");
        _header.CbModel = Writer.BaseStream.Position - _header.FpModel;
        WriteStrings();
        if (!string.IsNullOrEmpty(_loaderAssemblyName))
        {
            _header.FpAssemblyName = Writer.BaseStream.Position;
            _header.CbAssemblyName = (uint)(_loaderAssemblyName.Length * sizeof(char));
            Writer.Write(MemoryMarshal.AsBytes(_loaderAssemblyName.AsSpan()));
        }

        _header.FpTail = Writer.BaseStream.Position;
        Writer.Write(ModelHeader.TailSignature);
        _header.FpLim = Writer.BaseStream.Position;
        Writer.Seek(0, SeekOrigin.Begin);
        Writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<ModelHeader>(in _header)));
        Dispose();
    }

    private void WriteStrings()
    {
        if (_strings.Count == 0)
            return;
        // A dictionary that nothing was removed from keeps its order, so the n-th key is the string with id n.
        _header.FpStringTable = Writer.BaseStream.Position;
        foreach (var text in _strings.Keys)
            Writer.Write(_header.CbStringChars += text.Length * sizeof(char));
        _header.CbStringTable = _strings.Count * sizeof(long);
        _header.FpStringChars = Writer.BaseStream.Position;
        foreach (var text in _strings.Keys)
            Writer.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
