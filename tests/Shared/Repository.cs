using System.Reflection;

namespace MLNet.Softmax.TestSupport;

/// <summary>Where this repository stands.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The path of a file of the real data beside the repository; skips the test where it is absent.</summary>
    public static string SharedData(string relativePath)
    {
        var path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", relativePath));
        Assert.SkipUnless(
            File.Exists(path), $"The real data is not here: {relativePath} (expected beside the repository, in shared/data).");
        return path;
    }

    private static string Metadata(string key) => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
