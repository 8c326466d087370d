using System.Text.RegularExpressions;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>The first program of a README, and what the README says that it prints.</summary>
internal static partial class FirstExample
{
    public static string Code => Of("README.md").Code;

    public static string Output => Of("README.md").Output;

    public static (string Code, string Output) Of(params string[] path) => (Blocks("csharp", path)[0], Blocks("text", path)[0]);

    /// <summary>The code blocks of a language, in their order; of README if there is no path.</summary>
    public static string[] Blocks(string language, params string[] path)
    {
        var readme = File.ReadAllText(Path.Combine([Repository.Root, .. path is [] ? ["README.md"] : path])).ReplaceLineEndings("\n");
        return [.. Block().Matches(readme).Where(match => match.Groups["language"].Value == language)
            .Select(match => match.Groups["code"].Value)];
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
