using NotebookRunner;

/// <summary>What .NET Interactive adds to C#. In no namespace, so that a notebook needs no using directive for it.</summary>
public static class KernelExtensions
{
    /// <summary>Shows a text in a media type, such as text/html.</summary>
    public static void DisplayAs(this string text, string mediaType) =>
        NotebookDisplay.Current!.Show(new CellOutput(mediaType, text, IsPrinted: false));
}
