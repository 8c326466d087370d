using MLNet.Softmax.TestSupport;

namespace MLNet.OfflineHost.Tests.Surface;

/// <summary>ML.NET 5.0.0's public surface, as far as the offline host mirrors it: a line for each type, indented lines for its members.</summary>
internal static class SurfaceList
{
    public static Dictionary<string, SurfaceType> Read()
    {
        var types = new Dictionary<string, SurfaceType>();
        SurfaceType type = null!;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Surface", "mlnet-5.0.0-public-api.txt")))
        {
            if (line.StartsWith("    ", StringComparison.Ordinal))
            {
                type.Members.UnionWith(type.Heading.Contains(": enum ", StringComparison.Ordinal) ? line.Trim().Split(", ") : [line[4..]]);
                continue;
            }
            var bases = line.LastIndexOf(" : ", StringComparison.Ordinal);
            type = bases < 0 ? new SurfaceType(line, [], []) : new SurfaceType(line[..bases], PublicSurface.SplitBases(line[(bases + 3)..]), []);
            types.Add(type.Heading, type);
        }
        return types;
    }
}
