namespace NotebookRunner;

/// <summary>Markup that a cell shows as it is.</summary>
public sealed record HtmlText(string Html)
{
    public override string ToString() => Html;
}

/// <summary>The functions of a C# notebook that are not part of C#, under .NET Interactive's names.</summary>
public sealed class NotebookGlobals
{
#pragma warning disable CA1822 // A script sees only the instance members of its globals.
    public HtmlText HTML(string html) => new(html);
#pragma warning restore CA1822
}
