using System.Reflection;

namespace MLNet.Softmax.TestSupport;

/// <summary>Files of this repository and beside it.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The path of a file in tests/Data, which every clone has.</summary>
    public static string TestData(string relativePath) => Path.Combine(Root, "tests", "Data", relativePath);

    /// <summary>The path of a file in shared/data beside the repository; skips the test if it does not exist.</summary>
    public static string SharedData(string relativePath)
    {
        var path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", relativePath));
        Assert.SkipUnless(File.Exists(path), $"The file {relativePath} is not here (expected in shared/data, beside the repository).");
        return path;
    }

    private static string Metadata(string key) => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
