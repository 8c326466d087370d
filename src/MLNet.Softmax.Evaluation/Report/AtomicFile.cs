namespace MLNet.Softmax.Evaluation.Report;

/// <summary>Writes a temporary file in the same directory and moves it when it is complete, so that nobody reads half a file.</summary>
internal static class AtomicFile
{
    public static void Write(string path, Action<TextWriter> write) => Write(path, (Stream stream) =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        write(writer);
    });

    public static void Write(string path, Action<Stream> write)
    {
        string fullPath = Path.GetFullPath(path);
        string directory = Path.GetDirectoryName(fullPath)
            ?? throw new ArgumentException($"'{path}' names a directory; give the path of a file.", nameof(path));
        if (Directory.Exists(fullPath))
            throw new ArgumentException($"'{path}' is a directory; give the path of a file.", nameof(path));
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException(
                $"The directory {directory} does not exist; create it before saving {Path.GetFileName(fullPath)} there.");
        }

        string unfinished = Path.Combine(directory, $".{Path.GetFileName(fullPath)}.{Path.GetRandomFileName()}");
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, fullPath, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}
