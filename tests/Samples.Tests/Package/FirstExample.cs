using System.Text.RegularExpressions;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>The first program of a README, and what the README says that it prints.</summary>
internal static partial class FirstExample
{
    public static string Code => Of("README.md").Code;

    public static string Output => Of("README.md").Output;

    public static (string Code, string Output) Of(params string[] path)
    {
        var readme = File.ReadAllText(Path.Combine([Repository.Root, .. path])).ReplaceLineEndings("\n");
        return (CSharpBlock().Match(readme).Groups["code"].Value, TextBlock().Match(readme).Groups["text"].Value);
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"^```text\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex TextBlock();
}
