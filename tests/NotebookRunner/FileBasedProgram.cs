using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookRunner;

/// <summary>
/// Writes a notebook as one C# file that <c>dotnet run FILE.cs</c> executes: prose becomes comments, a cell's last
/// value is printed, using directives move to the top and types to the end, where C# wants them.
/// </summary>
internal static class FileBasedProgram
{
    public static string Generate(Notebook notebook)
    {
        var usings = new SortedSet<string>(StringComparer.Ordinal);
        var body = new StringBuilder();
        var types = new StringBuilder();
        bool usesHtml = false, showsValues = false;
        foreach (var cell in notebook.Cells)
        {
            if (!cell.IsCode)
            {
                foreach (var line in cell.Source.Split('\n'))
                    body.Append(line.Length == 0 ? "//" : "// " + line).Append('\n');
                body.Append('\n');
                continue;
            }

            var root = CSharpSyntaxTree.ParseText(cell.Code, CSharpParseOptions.Default.WithKind(SourceCodeKind.Script))
                .GetCompilationUnitRoot();
            usings.UnionWith(root.Usings.Select(directive => directive.ToString()));
            usesHtml |= root.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call => call.Expression.ToString() == "HTML");
            showsValues |= root.Members.Any(member => ShownExpression(member) is not null);
            foreach (var member in root.Members)
            {
                var target = member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax ? types : body;
                target.Append(Text(member)).Append('\n');
            }

            body.Append('\n');
        }

        if (body.ToString().Contains("StringBuilder", StringComparison.Ordinal))
            usings.Add("using System.Text;");
        return $"""
            // Made from {notebook.Name}. Change the notebook, then run: dotnet run --project tests/NotebookRunner -- --update
            #:project ../../src/MLNet.Softmax/MLNet.Softmax.csproj
            #:property PublishAot=false

            {string.Join('\n', usings)}

            {body.ToString().TrimEnd()}

            """ + (showsValues ? ShowFunction : "") + (usesHtml ? HtmlFunction(notebook) : "")
            + (types.Length == 0 ? "" : "\n" + types.ToString().TrimEnd() + "\n");
    }

    private static string Text(MemberDeclarationSyntax member) => ShownExpression(member) is { } expression
        ? $"{member.GetLeadingTrivia().ToFullString()}Show({expression.WithoutTrivia().ToFullString()});"
        : member.ToFullString().TrimEnd();

    /// <summary>An expression without a semicolon is what a cell shows.</summary>
    private static ExpressionSyntax? ShownExpression(MemberDeclarationSyntax member) =>
        member is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } shown }
        ? shown.Expression : null;

    private const string ShowFunction = """

        void Show(object value) =>
            Console.WriteLine(value is System.Collections.IEnumerable items and not string
                ? $"[ {string.Join(", ", items.Cast<object>())} ]" : value);

        """;

    private static string HtmlFunction(Notebook notebook) => $$"""

        // A console shows no markup: it goes to a file, whose path is printed.
        string HTML(string html)
        {
            var path = Path.Combine(Path.GetTempPath(), $"{{Path.GetFileNameWithoutExtension(notebook.Name)}}-{Guid.NewGuid():N}.html");
            File.WriteAllText(path, html);
            return $"Saved as {path}";
        }

        """;
}
