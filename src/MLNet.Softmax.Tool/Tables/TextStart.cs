using System.Globalization;

namespace MLNet.Softmax.Tool.Tables;

/// <summary>
/// The lines above the header of a text file: comments that begin with #, sep=; for spreadsheets, or the schema that ML.NET's SaveAsText
/// writes.
/// </summary>
/// <param name="Skipped">How many lines were taken away.</param>
/// <param name="Separator">The separator that the file names; null to detect it.</param>
/// <param name="Schema">The columns according to ML.NET; null for other files.</param>
/// <param name="Rest">The header and the rows.</param>
internal sealed record TextStart(int Skipped, char? Separator, TextLoaderSchema? Schema, TextReader Rest)
{
    private const char CommentSign = '#';
    private static readonly char[] Separators = [',', ';', '\t', '|', ' '];

    public static TextStart Read(StreamReader reader)
    {
        var comments = new List<string>();
        var line = reader.ReadLine();
        while (line is not null && line.StartsWith(CommentSign))
        {
            comments.Add(line);
            line = reader.ReadLine();
        }

        TextStart With(char? separator, TextLoaderSchema? schema, int skipped, string? first) =>
            new(skipped, separator, schema, first is null ? reader : new ContinuedReader(first + "\n", reader));
        if (TextLoaderSchema.Parse(comments) is { } parsed)
            return With(parsed.Separator, parsed, comments.Count, line);
        // As numpy.savetxt writes it, or a tool whose first column is named "#id": the header is the last of the comments.
        if (comments.Count > 0 && HeaderOf(comments[^1], line) is { } header)
            return new(comments.Count - 1, null, null, new ContinuedReader($"{header}\n{line}\n", reader));
        if (line is { Length: 5 } && line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase))
            return With(line[4], null, comments.Count + 1, null);
        return With(SeparatorOf(line), null, comments.Count, line);
    }

    /// <summary>A comment without its sign, if it has as many fields as the row below it and this one begins with a number.</summary>
    private static string? HeaderOf(string comment, string? row)
    {
        var header = comment.TrimStart(CommentSign, ' ');
        return row is not null && Array.Exists(Separators, separator => header.Contains(separator)
            && header.Split(separator).Length == row.Split(separator).Length
            && double.TryParse(row.Split(separator)[0], CultureInfo.InvariantCulture, out _)) ? header : null;
    }

    /// <summary>A space, if the header has spaces and no other separator; otherwise null.</summary>
    private static char? SeparatorOf(string? header) =>
        header is not null && header.AsSpan().Trim().Contains(' ') && header.IndexOfAny(Separators[..^1]) < 0 ? ' ' : null;

    /// <summary>A text, followed by the rest of a reader.</summary>
    private sealed class ContinuedReader(string start, TextReader rest) : TextReader
    {
        private ReadOnlyMemory<char> _start = start.AsMemory();

        public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

        public override int Read(Span<char> buffer)
        {
            if (_start.IsEmpty)
                return rest.Read(buffer);
            var count = Math.Min(buffer.Length, _start.Length);
            _start.Span[..count].CopyTo(buffer);
            _start = _start[count..];
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
