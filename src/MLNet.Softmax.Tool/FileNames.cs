namespace MLNet.Softmax.Tool;

/// <summary>Expands the files on the command line: names, patterns such as shards/*.csv, and folders.</summary>
internal static class FileNames
{
    private static readonly string[] Scores = [".csv", ".tsv", ".txt", ".parquet", ".gz"];

    /// <summary>Returns the files in the given order; those of a folder or a pattern are sorted by name.</summary>
    /// <param name="names">Names, patterns and folders.</param>
    /// <param name="extensions">Which files of a folder to take; those of score files if empty.</param>
    /// <exception cref="FormatException">There is no such file.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> names, params string[] extensions)
    {
        var known = extensions.Length > 0 ? extensions : Scores;
        var files = new List<string>();
        foreach (var name in names)
        {
            string[] found = name == "-" || File.Exists(name) ? [name]
                : Directory.Exists(name) ? [.. Directory.EnumerateFiles(name).Where(file => IsKnown(file, known))]
                : Matching(name);
            if (found.Length == 0)
            {
                throw new FormatException(Directory.Exists(name)
                    ? $"The folder {name} has no {(extensions.Length > 0 ? "saved states" : "score files")} ({string.Join(", ", known)})."
                    : $"There is no file {name}.");
            }

            Array.Sort(found, StringComparer.Ordinal);
            files.AddRange(found);
        }

        return files;
    }

    private static bool IsKnown(string file, string[] known) => known.Contains(Path.GetExtension(file).ToLowerInvariant());

    private static string[] Matching(string pattern)
    {
        var folder = Path.GetDirectoryName(pattern) is { Length: > 0 } named ? named : ".";
        return pattern.AsSpan().ContainsAny('*', '?') && Directory.Exists(folder)
            ? Directory.GetFiles(folder, Path.GetFileName(pattern)) : [];
    }
}
