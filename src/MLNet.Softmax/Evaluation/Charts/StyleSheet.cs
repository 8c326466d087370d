namespace MLNet.Softmax.Charts;

/// <summary>Reads the style sheets that are embedded into the assembly.</summary>
internal static class StyleSheet
{
    public static string Read(string name)
    {
        using var stream = typeof(StyleSheet).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly was built without its style sheet {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
