namespace NotebookRunner;

/// <summary>Collects what a cell prints and displays, in that order, until it is disposed.</summary>
internal sealed class NotebookDisplay : IDisposable
{
    private readonly List<CellOutput> outputs = [];
    private readonly TextWriter console = Console.Out;
    private readonly StringWriter printed = new() { NewLine = "\n" };

    public NotebookDisplay()
    {
        Console.SetOut(printed);
        Current = this;
    }

    public static NotebookDisplay? Current { get; private set; }

    public IReadOnlyList<CellOutput> Outputs
    {
        get
        {
            AddPrinted();
            return outputs;
        }
    }

    public void Show(CellOutput output)
    {
        AddPrinted();
        outputs.Add(output);
    }

    public void Dispose()
    {
        Console.SetOut(console);
        Current = null;
    }

    private void AddPrinted()
    {
        var text = printed.GetStringBuilder();
        if (text.Length > 0)
            outputs.Add(new CellOutput(CellOutput.PlainText, text.ToString(), IsPrinted: true));
        text.Clear();
    }
}
