using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MLNet.Softmax.TestSupport;

/// <summary>
/// The messages of our errors in full: each that a test provokes is a line of Approved/messages.txt in the test project. Which error a call
/// ends in is for the tests to say. After a change that is meant, WRITE_FIXTURES=1 in the environment adds the new lines; look at the
/// difference, and delete the lines that they replace.
/// </summary>
internal static partial class ApprovedMessages
{
    private static readonly string Folder =
        Path.Combine(Repository.Root, "tests", typeof(ApprovedMessages).Assembly.GetName().Name!, "Approved");

    private static readonly string File = Path.Combine(Folder, "messages.txt");
    private static readonly SortedSet<string> Lines = Read();

    /// <summary>The message, unless .NET or another library wrote it.</summary>
    public static void Check(Exception error)
    {
        var thrower = new StackTrace(error).GetFrame(0)?.GetMethod()?.Module.Assembly.GetName().Name;
        if (thrower?.StartsWith("MLNet.Softmax", StringComparison.Ordinal) == true)
            Check(error.Message);
    }

    public static void Check(string message)
    {
        // Where a test has its files, and what .NET appends, are different elsewhere.
        var line = message.Trim().ReplaceLineEndings(" / ").Replace('\\', '/').Split(" / Actual value was")[0];
        line = TestFolder().Replace(line, "FOLDER/");
        lock (Lines)
        {
            if (Environment.GetEnvironmentVariable("WRITE_FIXTURES") == "1" && Lines.Add(line))
            {
                Directory.CreateDirectory(Folder);
                System.IO.File.WriteAllText(File, string.Concat(Lines.Select(one => one + "\n")));
            }

            Assert.True(Lines.Contains(line), $"{File} has no line '{line}'. If that is meant, run with WRITE_FIXTURES=1.");
        }
    }

    private static SortedSet<string> Read() =>
        new(System.IO.File.Exists(File) ? System.IO.File.ReadAllLines(File) : [], StringComparer.Ordinal);

    [GeneratedRegex(@"[^\s']*/[a-z]+-[A-Za-z0-9]{6}\b/?")]
    private static partial Regex TestFolder();
}
