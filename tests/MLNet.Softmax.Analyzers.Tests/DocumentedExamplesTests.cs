using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.ML;

namespace MLNet.Softmax.Analyzers.Tests;

/// <summary>The examples in the documentation of the catalogs are code: each catalog method has one, and it compiles.</summary>
public class DocumentedExamplesTests
{
    private static readonly string Before = $$"""
        using System;
        using System.Collections.Generic;
        using Microsoft.ML.Data;
        {{string.Join('\n', Namespaces.Select(name => $"using {name};"))}}

        public static class Program
        {
            public static void Main(
                MLContext mlContext, ITransformer model, ITransformer calibrated, IEstimator<ITransformer> trainer,
                IDataView train, IDataView heldOut, IDataView test)
            {
                {

        """;

    private const string After = """

                }
            }
        }
        """;

    private static IEnumerable<string> Namespaces =>
        typeof(SoftmaxCatalog).Assembly.GetExportedTypes().Select(type => type.Namespace!).Append("Microsoft.ML").Distinct();

    public static TheoryData<string> CatalogMembers { get; } = [.. Examples().Keys];

    [Theory]
    [MemberData(nameof(CatalogMembers))]
    public void CatalogMember_HasAnExampleThatCompiles(string member)
    {
        var example = Examples()[member];
        Assert.False(string.IsNullOrWhiteSpace(example), $"{member} has no <example><code>.");
        // An example may name what the surroundings name too, as a program of its own would.
        var surroundings = Before;
        foreach (var parameter in new[] { "MLContext mlContext", "ITransformer model", "ITransformer calibrated" })
        {
            if (example.Contains($"var {parameter.Split(' ')[1]} ", StringComparison.Ordinal))
                surroundings = surroundings.Replace($"{parameter}, ", "", StringComparison.Ordinal);
        }

        var tree = CSharpSyntaxTree.ParseText(surroundings + example + After, cancellationToken: TestContext.Current.CancellationToken);
        AnalyzedCode.AssertCompiles(CSharpCompilation.Create(
            "Example", [tree], AnalyzedCode.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)));
    }

    /// <summary>Every public method of the catalogs, with the code of its example.</summary>
    private static Dictionary<string, string> Examples()
    {
        var assembly = typeof(SoftmaxCatalog).Assembly;
        var documentation = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
        Type[] catalogs = [typeof(SoftmaxCatalog), typeof(MulticlassCalibratorsCatalog)];
        var methods = catalogs.SelectMany(
            catalog => catalog.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => !method.IsSpecialName && !method.Name.StartsWith("get_", StringComparison.Ordinal));
        var examples = new Dictionary<string, string>();
        foreach (var overloads in methods.GroupBy(method => $"M:{method.DeclaringType!.FullName}.{method.Name}"))
        {
            var documented = documentation.Descendants("member")
                .Where(member => IsOf(member.Attribute("name")!.Value, overloads.Key)).ToArray();
            Assert.Equal(overloads.Count(), documented.Length);
            foreach (var member in documented)
                examples.Add(member.Attribute("name")!.Value, member.Element("example")?.Value ?? "");
        }

        return examples;
    }

    private static bool IsOf(string documented, string method) =>
        documented.StartsWith(method, StringComparison.Ordinal)
        && (documented.Length == method.Length || documented[method.Length] is '(' or '`');
}
