using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookRunner;

/// <summary>
/// Writes a notebook as one C# file that <c>dotnet run FILE.cs</c> executes: prose becomes comments, what a cell shows is printed, using
/// directives move to the top and types to the end, where C# wants them.
/// </summary>
internal static partial class FileBasedProgram
{
    private const int CommentWidth = 120;

    /// <summary>Every program imports it.</summary>
    private const string ImplicitUsing = "System.IO";

    /// <summary>Every notebook imports it, but not every program; a program takes no namespace that it does not need.</summary>
    private const string KernelUsing = "System.Text";

    public static string Generate(Notebook notebook)
    {
        var usings = new HashSet<string>();
        var body = new StringBuilder();
        var types = new StringBuilder();
        var printing = new PrintingRewriter();
        foreach (var cell in notebook.Cells)
        {
            if (!cell.IsCode)
            {
                body.Append(Comment(cell.Source)).Append('\n');
                continue;
            }

            var root = CSharpSyntaxTree.ParseText(cell.Code, CSharpParseOptions.Default.WithKind(SourceCodeKind.Script))
                .GetCompilationUnitRoot();
            usings.UnionWith(root.Usings.Select(directive => directive.NamespaceOrType.ToString()));
            foreach (var member in root.Members)
            {
                var target = member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax ? types : body;
                target.Append(printing.Visit(member).ToFullString().TrimEnd()).Append(target == types ? "\n\n" : "\n");
            }

            body.Append('\n');
        }

        if (notebook.Cells.Any(cell => cell.IsCode && (cell.Code.Contains("StringBuilder") || cell.Code.Contains("Encoding."))))
            usings.Add(KernelUsing);
        var directives = usings.Except([ImplicitUsing]).OrderBy(name => !name.StartsWith("System", StringComparison.Ordinal))
            .ThenBy(name => name, StringComparer.Ordinal).Select(name => $"using {name};");
        var program = $"""
            // Made from {notebook.Name}. Change the notebook, then run: dotnet run --project tests/NotebookRunner -- --update
            // In another folder, replace the next line with: #:package MLNet.Softmax@*
            #:project ../../src/MLNet.Softmax/MLNet.Softmax.csproj
            #:property PublishAot=false

            {string.Join('\n', directives)}

            {body.ToString().TrimEnd()}

            {(printing.IsUsed ? PrintFunction(notebook) : "")}

            {types}
            """;
        return BlankLines().Replace(program.TrimEnd(), "\n\n") + "\n";
    }

    /// <summary>Prose as comments of limited width; code blocks in it keep their lines.</summary>
    private static string Comment(string prose)
    {
        var comment = new StringBuilder();
        bool isCode = false;
        foreach (var line in prose.Split('\n'))
        {
            isCode ^= line.StartsWith("```", StringComparison.Ordinal);
            int column = 0;
            comment.Append("//");
            foreach (var word in isCode ? [line] : line.Split(' '))
            {
                if (column > 0 && column + word.Length >= CommentWidth)
                    (column, _) = (0, comment.Append("\n//"));
                comment.Append(line.Length == 0 ? "" : " ").Append(word);
                column += word.Length + 1;
            }

            comment.Append('\n');
        }

        return comment.ToString();
    }

    private static string PrintFunction(Notebook notebook) => $$"""
        // A console shows no markup: it goes to a file, whose path is printed.
        void Print(object value)
        {
            var text = value.ToString()!;
            if (text.StartsWith('<'))
            {
                var path = Path.Combine(Path.GetTempPath(), $"{{Path.GetFileNameWithoutExtension(notebook.Name)}}-{Guid.NewGuid():N}.html");
                File.WriteAllText(path, text);
                text = $"Saved as {path}";
            }

            Console.WriteLine(text);
        }
        """;

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex BlankLines();

    /// <summary>Prints the last expression of a cell, which has no semicolon, and what a cell displays.</summary>
    private sealed class PrintingRewriter : CSharpSyntaxRewriter
    {
        public bool IsUsed { get; private set; }

        public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
        {
            var called = (node.Expression as InvocationExpressionSyntax)?.Expression as MemberAccessExpressionSyntax;
            var shown = called?.Name.Identifier.Text == nameof(KernelExtensions.DisplayAs) ? called.Expression
                : node.SemicolonToken.IsMissing ? node.Expression : null;
            if (shown is null)
                return base.VisitExpressionStatement(node);
            IsUsed = true;
            return SyntaxFactory.ParseStatement($"Print({shown.WithoutTrivia().ToFullString()});").WithTriviaFrom(node);
        }
    }
}
