using System.Runtime.InteropServices.JavaScript;

namespace Playground.Work;

/// <summary>The functions of worker.js.</summary>
internal static partial class WorkerScript
{
    /// <summary>Reads a piece of the chosen file and returns the number of bytes.</summary>
    public static int ReadFile(long position, Span<byte> piece) => ReadFile((double)position, piece);

    /// <summary>Tells the page how much of the work is done.</summary>
    [JSImport("showProgress", "worker")]
    public static partial void ShowProgress(string work, double share);

    /// <summary>Whether the user has stopped the work.</summary>
    [JSImport("isStopped", "worker")]
    public static partial bool IsStopped();

    [JSImport("readFile", "worker")]
    private static partial int ReadFile(double position, [JSMarshalAs<JSType.MemoryView>] Span<byte> piece);
}
