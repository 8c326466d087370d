namespace MLNet.Softmax.Tool.Tables;

/// <summary>Recognises files of other formats by their first bytes.</summary>
internal static class Signature
{
    private static readonly (byte[] Start, string Format)[] Formats =
    [
        ([.. "PK"u8, 3, 4], "a ZIP archive or a spreadsheet such as .xlsx"),
        ([.. "ARRO"u8], "an Arrow or Feather file"),
        ([.. "FEA1"u8], "a Feather file"),
        ([0x93, .. "NUM"u8], "a NumPy array"),
        ([0x80], "a pickled Python object"),
        ([0x89, .. "HDF"u8], "an HDF5 file"),
        ([.. "BZh"u8], "compressed with bzip2"),
        ([0xFD, .. "7zX"u8], "compressed with xz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd"),
        ([.. "{"u8], "JSON"),
        ([.. "["u8], "JSON"),
    ];

    /// <summary>The format in words; null if the file may be text.</summary>
    public static string? FormatOf(ReadOnlySpan<byte> start)
    {
        foreach (var (bytes, format) in Formats)
        {
            if (start.StartsWith(bytes))
                return format;
        }

        return null;
    }
}
