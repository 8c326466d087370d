using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace MLNet.Softmax.Analyzers.Tests;

/// <summary>Compiles statements against this library and its ML.NET, and shows them to an analyzer or a code fix.</summary>
internal static class AnalyzedCode
{
    private const string Before = """
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using MLNet.Softmax;

        public static class Program
        {
            public static void Main(MLContext mlContext, IDataView train, IDataView heldOut, IDataView test)
            {

        """;

    // Trainers from packages that these tests do not reference: the rules know them by name and receiver.
    private const string Trainers = """

            }

            private static IEstimator<ITransformer> ImageClassification(
                this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, string scoreColumnName = "Score") => null;
            private static IEstimator<ITransformer> LightGbm(
                this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers) => null;
            private static IEstimator<ITransformer> TextClassification(
                this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, string scoreColumnName = "Score") => null;
        }
        """;

    /// <summary>What this test itself was built against. Read once: it is most of a compilation's cost.</summary>
    public static ImmutableArray<MetadataReference> References { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => !Path.GetFileName(path).StartsWith("MLNet.Softmax.Analyzers", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>What the analyzer reports: the rule's name and the code that it underlines.</summary>
    public static async Task<string[]> Reports(DiagnosticAnalyzer analyzer, string statements)
    {
        var document = Document(statements);
        var text = await document.GetTextAsync(TestContext.Current.CancellationToken);
        return [.. (await Diagnostics(analyzer, document)).Select(diagnostic =>
            $"{diagnostic.Id} {text.ToString(diagnostic.Location.SourceSpan)}")];
    }

    /// <summary>The statements after the fix of the first report; null where no fix is offered.</summary>
    public static async Task<string?> Fixed(DiagnosticAnalyzer analyzer, CodeFixProvider fix, string statements)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var document = Document(statements);
        var diagnostic = (await Diagnostics(analyzer, document))[0];
        CodeAction? action = null;
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (offered, _) => action = offered, cancellation));
        if (action is null)
            return null;
        var operation = (await action.GetOperationsAsync(cancellation)).OfType<ApplyChangesOperation>().Single();
        var changed = operation.ChangedSolution.GetDocument(document.Id)!;
        await Compile(changed);
        var text = (await changed.GetTextAsync(cancellation)).ToString();
        return text[Before.Length..^Trainers.Length];
    }

    private static async Task<ImmutableArray<Diagnostic>> Diagnostics(DiagnosticAnalyzer analyzer, Document document) =>
        [.. (await (await Compile(document)).WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken))
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan)];

    private static async Task<Compilation> Compile(Document document)
    {
        var compilation = (await document.Project.GetCompilationAsync(TestContext.Current.CancellationToken))!;
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return compilation;
    }

    private static Document Document(string statements) => new AdhocWorkspace()
        .AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Analyzed", "Analyzed", LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary),
            parseOptions: new CSharpParseOptions(LanguageVersion.Latest),
            metadataReferences: References))
        .AddDocument("Program.cs", Before + statements + Trainers);
}
