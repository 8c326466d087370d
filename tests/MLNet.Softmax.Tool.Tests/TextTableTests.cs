using System.Text;
using MLNet.Softmax.Tool.Tables;

namespace MLNet.Softmax.Tool.Tests;

/// <summary>The parts of reading text: lines above the header, ML.NET's schema, and numbers in all forms.</summary>
public class TextTableTests
{
    [Theory]
    [InlineData("0.25", 0.25f)]
    [InlineData("-1.5e2", -150f)]
    [InlineData("12345678901234567890", 12345678901234567890f)]
    [InlineData("+3", 3f)]
    [InlineData("inf", float.PositiveInfinity)]
    [InlineData("+inf", float.PositiveInfinity)]
    [InlineData("Inf", float.PositiveInfinity)]
    [InlineData("-inf", float.NegativeInfinity)]
    [InlineData("-Inf", float.NegativeInfinity)]
    [InlineData("Infinity", float.PositiveInfinity)]
    [InlineData("5%", 5f)]
    [InlineData("", float.NaN)]
    [InlineData("n/a", float.NaN)]
    public void Scores_InEveryForm_AreRead(string text, float expected)
    {
        // In the first rows, behind them, and behind them in columns that are not neighbours.
        foreach (var (count, scores) in new (int, int[])[] { (1, [1, 2]), (300, [1, 2]), (300, [2, 1]) })
        {
            var content = $"label,a,b\n{string.Concat(Enumerable.Repeat("x,0,1\n", count - 1))}x,{text},{text}\n";
            Assert.Equal([expected, expected], LastScores(content, scores));
        }
    }

    [Theory]
    [InlineData("0,25", 0.25f)]
    [InlineData("-1,5e2", -150f)]
    [InlineData("3", 3f)]
    [InlineData("2,5%", 2.5f)]
    [InlineData("-inf", float.NegativeInfinity)]
    public void Scores_WithADecimalComma_AreRead(string text, float expected)
    {
        foreach (var count in new[] { 1, 300 })
        {
            var content = $"label;a;b\n{string.Concat(Enumerable.Repeat("x;0,5;0,5\n", count))}x;{text};{text}\n";
            Assert.Equal([expected, expected], LastScores(content, [1, 2]));
        }
    }

    /// <summary>A comma in any score, and a point in none, makes it the decimal sign.</summary>
    [Theory]
    [InlineData("label;a;b\nx;1;0,5\n", 1f, 0.5f)]
    [InlineData("label;a;b\nx;0,5;1\n", 0.5f, 1f)]
    [InlineData("label;a;b\n1.5;0,5;1\n", 0.5f, 1f)]
    [InlineData("label;a;b\n1,5;0.5;1\n", 0.5f, 1f)]
    public void DecimalComma_IsFoundInTheScores(string content, params float[] expected) =>
        Assert.Equal(expected, LastScores(content, [1, 2]));

    [Theory]
    [InlineData("label,a,b\nx,0.5,0.5\nx,\"1,000\",0.5\n", "1,000")]
    [InlineData("label,a,b\nx,0.5,0.5\nx,%,0.5\n", null)]
    [InlineData("label,a,b\nx,0.5,0.5\nx,- 1,0.5\n", "- 1")]
    public void Scores_ThatAreNone_AreRefused(string content, string? text)
    {
        if (text is null)
        {
            Assert.Equal([float.NaN, 0.5f], LastScores(content, [1, 2]));
            return;
        }

        var error = Assert.Throws<FormatException>(() => LastScores(content, [1, 2]));
        Assert.StartsWith($"t.csv, row 3, column a: '{text}' is not a number.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("label,a\nx,1\n", 0, null, "label,a\nx,1\n")]
    [InlineData("# by a program\n#\nlabel,a\nx,1\n", 2, null, "label,a\nx,1\n")]
    [InlineData("sep=;\nlabel;a\nx;1\n", 1, ';', "label;a\nx;1\n")]
    [InlineData("SEP=|\nlabel|a\n", 1, '|', "label|a\n")]
    [InlineData("# of Monday\nsep=;\nlabel;a\n", 2, ';', "label;a\n")]
    [InlineData("sep=;;\nlabel;a\n", 0, null, "sep=;;\nlabel;a\n")]
    [InlineData("sepa;\n", 0, null, "sepa;\n")]
    [InlineData("label a b\nx 1 2\n", 0, ' ', "label a b\nx 1 2\n")]
    [InlineData(" label \nx\n", 0, null, " label \nx\n")]
    [InlineData("true label,a\nx,1\n", 0, null, "true label,a\nx,1\n")]
    [InlineData("true label|a\nx|1\n", 0, null, "true label|a\nx|1\n")]
    [InlineData("# one\n#label,a\n0,1\n2,3\n", 1, null, "label,a\n0,1\n2,3\n")]
    [InlineData("## label a\n0 1\n2 3\n", 0, null, "label a\n0 1\n2 3\n")]
    [InlineData("# label,a\nx,1\n", 1, null, "x,1\n")]
    [InlineData("# label,a,b\n0,1\n", 1, null, "0,1\n")]
    [InlineData("#\n", 1, null, "")]
    [InlineData("", 0, null, "")]
    public void LinesAboveTheHeader_AreTakenAway(string text, int skipped, char? separator, string rest)
    {
        using var reader = new StreamReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        var start = TextStart.Read(reader);
        Assert.Equal((skipped, separator, null), (start.Skipped, start.Separator, start.Schema));
        Assert.Equal(rest, ReadAll(start.Rest));
    }

    [Theory]
    [InlineData("comma", ',')]
    [InlineData("semicolon", ';')]
    [InlineData("space", ' ')]
    [InlineData("tab", '\t')]
    [InlineData("|", '|')]
    [InlineData(null, '\t')]
    public void Schema_NamesSeparatorColumnsAndFields(string? name, char separator)
    {
        string[] lines =
        [
            "#@ TextLoader{", "#@   header+", .. name is null ? (string[])[] : [$"#@   sep={name}"], "#@   col=Label:TX:0",
            "#@   col={Name of it}:U4[3]:1", "#@   col=Score:R4:2-4", "#@   col=odd", "#@ }",
        ];
        using var reader = new StreamReader(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\nLabel\n")));
        var start = TextStart.Read(reader);
        var schema = start.Schema!;
        Assert.Equal((lines.Length, separator, "Label\n"), (start.Skipped, start.Separator, ReadAll(start.Rest)));
        Assert.Equal((true, separator, 5), (schema.HasHeader, schema.Separator, schema.FieldCount));
        Assert.Equal(["Label", "{Name of it}", "Score.cat", "Score.1", "Score.fox"], schema.Names(["l", "n", "cat", "", "fox"]));
        Assert.Equal(["Label", "{Name of it}", "Score.0", "Score.1", "Score.2"], schema.Names(["5", "0:l"]));
        Assert.False(TextLoaderSchema.Parse([lines[0], "#@   col=Label:TX:0"])!.HasHeader);
    }

    /// <summary>A row of many zeros: some fields, the number of the others, and those of them that are not zero.</summary>
    [Theory]
    [InlineData("a 4 1:0.5 3:2", "a 0 0.5 0 2")]
    [InlineData("a 4", "a 0 0 0 0")]
    [InlineData("5 0:a 4:2", "a 0 0 0 2")]
    [InlineData("5", "| 0 0 0 0")]
    [InlineData("a 7 3 1:3", "a 7 0 3 0")]
    [InlineData("a 3 1:2", null)]
    [InlineData("a 4 4:1", null)]
    [InlineData("a 4 -1:1", null)]
    [InlineData("a 4 1:2 3", null)]
    [InlineData("a 4 x:2", null)]
    [InlineData("a b c", null)]
    [InlineData("a 1 2 3 4", null)]
    public void Schema_ExpandsRowsOfZeros(string row, string? expected)
    {
        var schema = TextLoaderSchema.Parse(["#@ TextLoader{", "#@   col=Label:TX:0", "#@   col=Score:R4:1-4"])!;
        var fields = schema.Expand(row.Split(' '));
        Assert.Equal(expected?.Replace("|", "", StringComparison.Ordinal), fields is null ? null : string.Join(' ', fields));
    }

    [Theory]
    [InlineData("#@ Other{", "#@   col=Label:TX:0")]
    [InlineData("#@ TextLoader{", "#@   sep=tab")]
    [InlineData("#@ TextLoader{", "#@   col=Label:TX:1048576")]
    [InlineData("label,a")]
    public void Schema_OfOtherLines_IsNull(params string[] lines)
    {
        Assert.Null(TextLoaderSchema.Parse(lines));
        Assert.Null(TextLoaderSchema.Parse([]));
        Assert.NotNull(TextLoaderSchema.Parse(["#@ TextLoader{", "#@   col=Label:TX:1048575"]));
    }

    private static string ReadAll(TextReader reader)
    {
        var text = new StringBuilder();
        var buffer = new char[3];
        for (var count = reader.Read(buffer, 1, 2); count > 0; count = reader.Read(buffer, 1, 2))
            text.Append(buffer, 1, count);
        return text.ToString();
    }

    private static float[] LastScores(string content, int[] columns)
    {
        using var table = Table.Open("t.csv", new MemoryStream(Encoding.UTF8.GetBytes(content)));
        _ = table.Sample(200);
        table.Select([0], columns);
        var scores = new float[columns.Length];
        while (table.MoveNext())
            table.Scores(scores);
        return scores;
    }
}
