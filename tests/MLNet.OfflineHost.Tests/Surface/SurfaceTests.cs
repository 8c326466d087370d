using System.Reflection;
using Microsoft.ML;
using MLNet.Softmax.TestSupport;

namespace MLNet.OfflineHost.Tests.Surface;

public sealed class SurfaceTests
{
    private static readonly Dictionary<string, SurfaceType> Listed = SurfaceList.Read();

    [Fact]
    public void EveryPublicMemberOfTheHost_IsMLNets_LetterForLetter()
    {
        var own = typeof(MLContext).Assembly.ExportedTypes
            .Where(type => type.Namespace?.StartsWith("Microsoft.ML", StringComparison.Ordinal) == true).Select(PublicSurface.Print).ToList();

        // The real assemblies hold much that nobody mirrors.
        var compared = Repository.IsOffline ? own : own.Where(type => Listed.ContainsKey(type.Heading)).ToList();
        Assert.NotEmpty(compared);
        var foreign = compared.SelectMany(type => Listed.TryGetValue(type.Heading, out var listed) ? type.Beyond(listed) : [type.Heading]);
        Assert.Equal("", string.Join(Environment.NewLine, foreign));
    }

    [Fact]
    public void RealMLNet_HasEveryListedMember()
    {
        Assert.SkipWhen(Repository.IsOffline, "The offline host mirrors a part of the list only.");
        var real = Directory.GetFiles(AppContext.BaseDirectory, "Microsoft.ML*.dll")
            .SelectMany(file => Assembly.Load(AssemblyName.GetAssemblyName(file)).ExportedTypes)
            .Select(PublicSurface.Print).ToLookup(type => type.Heading);
        var missing = Listed.Values.SelectMany(listed => real[listed.Heading].FirstOrDefault() is { } type ? listed.Beyond(type) : [listed.Heading]);
        Assert.Equal("", string.Join(Environment.NewLine, missing));
    }
}
