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

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The analyzer reports exactly this: each time the rule's name and the code that it underlines.</summary>
    public static async Task Reports<TAnalyzer>(string statements, params string[] expected)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        var document = Document(statements);
        var text = await document.GetTextAsync(Cancellation);
        Assert.Equal(expected, (await Diagnostics<TAnalyzer>(document)).Select(diagnostic =>
            $"{diagnostic.Id} {text.ToString(diagnostic.Location.SourceSpan)}"));
    }

    /// <summary>The fix of the first report makes this of the statements; null where no fix is offered.</summary>
    public static async Task Fixes<TAnalyzer>(CodeFixProvider fix, string statements, string? expected)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        var document = Document(statements);
        var diagnostic = (await Diagnostics<TAnalyzer>(document))[0];
        CodeAction? action = null;
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (offered, _) => action = offered, Cancellation));
        Assert.Equal(expected is null, action is null);
        if (action is null)
            return;
        var operation = (await action.GetOperationsAsync(Cancellation)).OfType<ApplyChangesOperation>().Single();
        var changed = operation.ChangedSolution.GetDocument(document.Id)!;
        await Compile(changed);
        Assert.Equal(expected, (await changed.GetTextAsync(Cancellation)).ToString()[Before.Length..^Trainers.Length]);
    }

    public static void AssertCompiles(Compilation compilation) => Assert.Empty(
        compilation.GetDiagnostics(Cancellation).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

    private static async Task<ImmutableArray<Diagnostic>> Diagnostics<TAnalyzer>(Document document)
        where TAnalyzer : DiagnosticAnalyzer, new() =>
        [.. (await (await Compile(document)).WithAnalyzers([new TAnalyzer()]).GetAnalyzerDiagnosticsAsync(Cancellation))
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan)];

    private static async Task<Compilation> Compile(Document document)
    {
        var compilation = (await document.Project.GetCompilationAsync(Cancellation))!;
        AssertCompiles(compilation);
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
