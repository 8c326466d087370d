namespace HotDogPhotos;

/// <summary>A photograph on disk and its class, which is the name of its folder.</summary>
internal sealed class PhotoFile
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png"];

    public string ImagePath { get; set; } = "";

    public string Label { get; set; } = "";

    /// <summary>The photographs of <paramref name="folder"/>, one sub-folder per class, in the order of their names.</summary>
    public static IReadOnlyList<PhotoFile> Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new IOException($"--images is {folder}, but there is no such folder.");
        PhotoFile[] photos =
        [
            .. from path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
               where Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
               orderby path
               select new PhotoFile { ImagePath = Path.GetFullPath(path), Label = Path.GetFileName(Path.GetDirectoryName(path))! },
        ];
        var classes = photos.Select(photo => photo.Label).Distinct().ToList();
        return classes.Count >= 2
            ? photos
            : throw new IOException($"{folder} has JPEG or PNG photographs of {classes.Count} classes ({string.Join(", ", classes)}), but a folder for each of at least two is expected.");
    }
}
