namespace HotDog;

/// <summary>
/// The features of photographs, kept in a file. An entry counts only for the path, size and time that the photograph had, and for the
/// network that computed it. A cache that cannot be read completely is not used and is written again.
/// </summary>
internal sealed class FeatureCache : IDisposable
{
    private readonly string _path;
    private readonly Dictionary<string, Entry> _entries = [];
    private bool _isChanged;

    public FeatureCache(string path)
    {
        _path = path;
        try
        {
            Load();
        }
        catch (Exception exception) when (exception is IOException or FormatException)
        {
            _entries.Clear();
        }
    }

    /// <summary>The features of <paramref name="file"/>; null when there are none, or when the file has changed since.</summary>
    public float[]? Find(string file) => _entries.TryGetValue(file, out var entry) && entry.IsOf(file) ? entry.Features : null;

    public void Add(string file, float[] features)
    {
        _entries[file] = Entry.Of(file, features);
        _isChanged = true;
    }

    /// <summary>Writes the cache. An earlier one stays until the new one is complete.</summary>
    public void Dispose()
    {
        if (!_isChanged)
            return;
        var unfinished = _path + ".new";
        try
        {
            using (var writer = new BinaryWriter(File.Create(unfinished)))
            {
                writer.Write(ImageNetwork.Name);
                writer.Write(_entries.Count);
                foreach (var (file, entry) in _entries)
                {
                    writer.Write(file);
                    writer.Write(entry.Size);
                    writer.Write(entry.Modified);
                    foreach (var feature in entry.Features)
                        writer.Write(feature);
                }
            }

            File.Move(unfinished, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"hotdog: the features could not be kept in {_path}: {exception.Message}");
        }
    }

    private void Load()
    {
        using var reader = new BinaryReader(File.OpenRead(_path));
        if (reader.ReadString() != ImageNetwork.Name)
            return;
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (file, size, modified) = (reader.ReadString(), reader.ReadInt64(), reader.ReadInt64());
            var features = new float[ImageNetwork.FeatureCount];
            for (var i = 0; i < features.Length; i++)
                features[i] = reader.ReadSingle();
            _entries[file] = new Entry(size, modified, features);
        }
    }

    private sealed record Entry(long Size, long Modified, float[] Features)
    {
        public static Entry Of(string file, float[] features)
        {
            var info = new FileInfo(file);
            return new Entry(info.Length, info.LastWriteTimeUtc.Ticks, features);
        }

        public bool IsOf(string file)
        {
            var info = new FileInfo(file);
            return info.Exists && info.Length == Size && info.LastWriteTimeUtc.Ticks == Modified;
        }
    }
}
