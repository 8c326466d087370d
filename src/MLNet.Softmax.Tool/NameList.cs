using nietras.SeparatedValues;

namespace MLNet.Softmax.Tool;

/// <summary>Names in one text.</summary>
internal static class NameList
{
    /// <summary>Reads names with commas between them. As in a CSV file, a name with a comma stands in quotation marks.</summary>
    public static string[]? Read(string? list)
    {
        if (list is null)
            return null;
        using var reader = Sep.New(',').Reader(options => options with { HasHeader = false, Unescape = true, Trim = SepTrim.All })
            .FromText(list);
        return reader.MoveNext() ? reader.Current[..].ToStringsArray() : [];
    }
}
