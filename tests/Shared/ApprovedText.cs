namespace MLNet.Softmax.TestSupport;

/// <summary>
/// A whole text that people read, compared with the one that was approved. After a change that is meant, WRITE_FIXTURES=1 in the
/// environment writes it anew; look at the difference.
/// </summary>
internal static class ApprovedText
{
    /// <param name="path">The path of the approved text, from the folder tests and without .txt.</param>
    /// <param name="text">What the code writes.</param>
    public static void Check(string path, string text)
    {
        var file = Path.Combine(Repository.Root, "tests", $"{path}.txt");
        if (Environment.GetEnvironmentVariable("WRITE_FIXTURES") == "1")
            File.WriteAllText(file, text.ReplaceLineEndings("\n"));
        Assert.Equal(File.ReadAllText(file), text, ignoreLineEndingDifferences: true);
    }
}
