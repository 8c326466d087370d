using System.Reflection;

namespace MLNet.Softmax.TestSupport;

/// <summary>
/// The public surface of an assembly of this repository, kept in the tree as PublicApi.txt beside its project, so that a change of it is seen
/// in review. With UPDATE_PUBLIC_API=1 in the environment the file is written anew.
/// </summary>
internal static class PublicApi
{
    public static void AssertIsAsKept(Assembly assembly)
    {
        var path = Path.Combine(Repository.Root, "src", assembly.GetName().Name!, "PublicApi.txt");
        string[] now = [.. Lines(assembly)];
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1")
            File.WriteAllText(path, string.Join('\n', now) + "\n");
        var kept = File.ReadAllLines(path);
        var difference = kept.Except(now).Select(line => "- " + line).Concat(now.Except(kept).Select(line => "+ " + line)).ToArray();
        Assert.True(difference.Length == 0, $"The public surface is not that of {path}. If the change is meant, run this test once with UPDATE_PUBLIC_API=1.\n{string.Join('\n', difference)}");
    }

    /// <summary>One line for each type and member; a member is written with its type, so that each line stands for itself.</summary>
    private static IEnumerable<string> Lines(Assembly assembly)
    {
        foreach (var type in assembly.ExportedTypes.Select(PublicSurface.Print).OrderBy(type => type.Heading, StringComparer.Ordinal))
        {
            var bases = string.Join(", ", type.Bases.Order(StringComparer.Ordinal));
            yield return type.Heading + (bases.Length > 0 ? " : " + bases : "");
            var name = type.Heading.Split(' ')[^1];
            foreach (var member in type.Members.Order(StringComparer.Ordinal))
                yield return $"    {name} | {member}";
        }
    }
}
