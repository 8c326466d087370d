using System.Text.RegularExpressions;

namespace NotebookRunner;

/// <summary>
/// The line <c>#r "nuget: MLNet.Softmax"</c> that a reader needs. Here the library just built takes the package's place.
/// </summary>
internal static partial class PackageDirective
{
    public static bool IsIn(string source) => Line().IsMatch(source);

    public static string Remove(string source) => Line().Replace(source, "");

    [GeneratedRegex("""^#r "nuget: *[^"]+"[ \t]*\r?\n?""", RegexOptions.Multiline)]
    private static partial Regex Line();
}
