using System.Text.RegularExpressions;

namespace MLNet.Softmax.Tests.Readme;

/// <summary>
/// The regions of the files beside this one: code that is compiled and run here and shown in README. Regions of one name, such as a using
/// directive and the code that needs it, are one example.
/// </summary>
internal static partial class ExampleRegions
{
    public static IReadOnlyDictionary<string, string> All { get; } = Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests", "MLNet.Softmax.Tests", "Readme"), "*Examples.cs")
        .SelectMany(file => Region().Matches(File.ReadAllText(file).ReplaceLineEndings("\n")))
        .GroupBy(match => match.Groups["name"].Value.Trim(), match => WithoutIndent(match.Groups["code"].Value))
        .ToDictionary(example => example.Key, example => string.Join("\n\n", example));

    private static string WithoutIndent(string code)
    {
        var lines = code.TrimEnd().Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : line.Trim()));
    }

    [GeneratedRegex(@"^ *#region (?<name>[^\n]+)\n(?<code>.*?)^ *#endregion", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();
}
