using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>
/// The zip archive that a model is saved as. Entries may be open side by side and are sought in, so each is buffered;
/// what is closed goes into the archive in the order of closing.
/// </summary>
internal sealed class RepositoryWriter : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly HashSet<string> _paths = [];

    public RepositoryWriter(Stream stream)
    {
        _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using var version = new StreamWriter(CreateEntry("TrainingInfo", "Version.txt"));
        version.WriteLine(typeof(RepositoryWriter).Assembly.GetName().Version);
    }

    public Stream CreateEntry(string directory, string name)
    {
        var path = Path.Combine(directory ?? "", name);
        if (!_paths.Add(path))
            throw new ArgumentException($"Duplicate entry: '{path}'", nameof(name));
        return new EntryStream(_archive, path);
    }

    public void Dispose() => _archive.Dispose();

    private sealed class EntryStream(ZipArchive archive, string path) : MemoryStream
    {
        private bool _disposed;

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                using var entry = archive.CreateEntry(path).Open();
                Position = 0;
                CopyTo(entry);
            }

            base.Dispose(disposing);
        }
    }
}
