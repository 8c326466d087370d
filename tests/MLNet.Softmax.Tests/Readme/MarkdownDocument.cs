using System.Text.RegularExpressions;

namespace MLNet.Softmax.Tests.Readme;

/// <summary>A Markdown file taken apart as far as the checks of README need it.</summary>
internal sealed partial class MarkdownDocument
{
    public MarkdownDocument(string path)
    {
        Directory = System.IO.Path.GetDirectoryName(path)!;
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        Blocks = [.. Block().Matches(text).Select(
            match => new CodeBlock(match.Groups["language"].Value, match.Groups["code"].Value.TrimEnd('\n')))];
        Prose = Block().Replace(text, "");
        Links = [.. Link().Matches(Prose).Select(match => match.Groups["target"].Value)];
        Anchors = Heading().Matches(Prose).Select(match => Anchor(match.Groups["title"].Value)).ToHashSet();
    }

    public string Directory { get; }

    /// <summary>The fenced blocks, in their order.</summary>
    public IReadOnlyList<CodeBlock> Blocks { get; }

    /// <summary>The text without its fenced blocks.</summary>
    public string Prose { get; }

    public IReadOnlyList<string> Links { get; }

    /// <summary>What the headings can be linked as.</summary>
    public IReadOnlySet<string> Anchors { get; }

    private static string Anchor(string title) =>
        string.Concat(title.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    public sealed record CodeBlock(string Language, string Code);
}

/// <summary>
/// The regions of tests/ReadmeExamples: code that is compiled and run there and shown in README, below the using directives of its file.
/// That of Microsoft.ML, which every user of ML.NET has, is not shown.
/// </summary>
internal static partial class ExampleRegions
{
    public static IReadOnlyDictionary<string, string> All { get; } = Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests", "ReadmeExamples"), "*.cs")
        .Select(file => File.ReadAllText(file).ReplaceLineEndings("\n"))
        .SelectMany(text => Region().Matches(text).Select(
            match => (Name: match.Groups["name"].Value, Code: Usings(text) + WithoutIndent(match.Groups["code"].Value))))
        .ToDictionary(example => example.Name, example => example.Code);

    private static string Usings(string text) =>
        text[..text.IndexOf("namespace ", StringComparison.Ordinal)].Replace("using Microsoft.ML;\n", "").TrimStart();

    private static string WithoutIndent(string code)
    {
        var lines = code.TrimEnd().Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : line.Trim()));
    }

    [GeneratedRegex(@"^ *#region (?<name>[^\n]+)\n(?<code>.*?)^ *#endregion", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();
}
