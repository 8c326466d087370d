namespace MLNet.Softmax.Tool;

/// <summary>A number for each row id, the same in all files, to match the rows of two models.</summary>
internal sealed class RowIds
{
    private readonly Dictionary<string, ulong> _numbers = [];

    public ulong NumberOf(string id)
    {
        if (!_numbers.TryGetValue(id, out var number))
            _numbers.Add(id, number = (ulong)_numbers.Count);
        return number;
    }
}
