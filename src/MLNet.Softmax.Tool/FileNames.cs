namespace MLNet.Softmax.Tool;

/// <summary>Expands the files on the command line: names, patterns such as shards/*.csv, and folders.</summary>
internal static class FileNames
{
    private static readonly string[] Known = [".csv", ".tsv", ".txt", ".parquet", ".gz"];

    /// <summary>Returns the files in the given order; those of a folder or a pattern are sorted by name.</summary>
    /// <exception cref="FormatException">There is no such file.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> names)
    {
        var files = new List<string>();
        foreach (var name in names)
        {
            string[] found = name == "-" || File.Exists(name) ? [name]
                : Directory.Exists(name) ? [.. Directory.EnumerateFiles(name).Where(IsKnown)]
                : Matching(name);
            if (found.Length == 0)
            {
                throw new FormatException(Directory.Exists(name)
                    ? $"The folder {name} has no score files ({string.Join(", ", Known)})." : $"There is no file {name}.");
            }

            Array.Sort(found, StringComparer.Ordinal);
            files.AddRange(found);
        }

        return files;
    }

    private static bool IsKnown(string file) => Known.Contains(Path.GetExtension(file).ToLowerInvariant());

    private static string[] Matching(string pattern)
    {
        var folder = Path.GetDirectoryName(pattern) is { Length: > 0 } named ? named : ".";
        return pattern.AsSpan().ContainsAny('*', '?') && Directory.Exists(folder)
            ? Directory.GetFiles(folder, Path.GetFileName(pattern)) : [];
    }
}
