using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A saved model's zip archive, opened for reading.</summary>
internal sealed class RepositoryReader : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    public RepositoryReader(Stream stream)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var entry in _archive.Entries)
                _entries[entry.FullName.Replace('\\', '/')] = entry;
        }
        catch (InvalidDataException exception)
        {
            throw Contracts.ExceptDecode("Failed to open a zip archive", exception);
        }
    }

    public Stream OpenEntryOrNull(string directory, string name)
    {
        if (!_entries.TryGetValue(Path.Combine(directory ?? "", name).Replace('\\', '/'), out var entry))
            return null;
        using var compressed = entry.Open();
        var stream = new MemoryStream();
        compressed.CopyTo(stream);
        stream.Position = 0;
        return stream;
    }

    public void Dispose() => _archive.Dispose();
}
