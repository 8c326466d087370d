using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using MLNet.Softmax.Tool.Tables;
using Parquet;
using Parquet.Schema;

namespace MLNet.Softmax.Tool.Tests;

/// <summary>Tables from streams and files, as the system gives them.</summary>
public sealed class StreamTests : IDisposable
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes("Label,cat,dog\ncat,0.9,0.1\ndog,0.2,0.8\n");
    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>As a pipe or a network may give them: fewer bytes than were asked for.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void AStreamThatGivesAByteAtATime_IsReadToItsEnd(bool isCompressed, bool canSeek)
    {
        using var stream = new ByteAtATime(isCompressed ? Compressed() : Text, canSeek);
        using (var table = Table.Open("scores.csv", stream))
        {
            Assert.False(table.IsCopy);
            AssertRows(table);
            Assert.Equal(canSeek ? 1 : double.NaN, table.ShareRead);
        }

        Assert.False(stream.CanRead);
    }

    /// <summary>How much of a pipe there is cannot be known.</summary>
    [Fact]
    public void AStreamThatCannotSeek_HasNoShareOrEstimate()
    {
        using var stream = new ByteAtATime(Text, canSeek: false);
        using var reader = new ScoreReader(Table.Open("scores.csv", stream), new LayoutOptions());
        var block = reader.NewBlock();
        Assert.True(reader.Read(block));
        Assert.Equal((2, double.NaN, 0), (block.Count, reader.ShareRead, reader.EstimatedRows));
        Assert.True(block.Names.IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("L,a")]
    public void AShortStream_IsText(string text)
    {
        using var stream = new ByteAtATime(Encoding.UTF8.GetBytes(text), canSeek: false);
        var error = Record.Exception(() =>
        {
            using var table = Table.Open("short.csv", stream);
            Assert.Equal(text.Split(','), table.Columns.Select(column => column.Name));
        });
        Assert.Equal(text.Length == 0 ? "short.csv, row 1: the file is empty; a header is expected, such as Label,P0,P1." : null,
            error?.Message);
    }

    [Fact]
    public void AFile_CanBeReadByOthersMeanwhile()
    {
        var path = _tool.Write("scores.csv", Encoding.UTF8.GetString(Text));
        using var first = Table.Open(path);
        using var second = Table.Open(path);
        AssertRows(first);
        AssertRows(second);
        Assert.Equal(Text, File.ReadAllBytes(path));
        Assert.ThrowsAny<IOException>(() => File.OpenWrite(path));
    }

    [Theory]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void ByteOrderMarks_OfOtherEncodings_AreKnown(string encoding)
    {
        var path = Path.Combine(_tool.Folder, "scores.csv");
        File.WriteAllText(path, Encoding.UTF8.GetString(Text), Encoding.GetEncoding(encoding));
        using var table = Table.Open(path);
        AssertRows(table);
    }

    /// <summary>Parquet is read from its end; a stream is copied first.</summary>
    [Fact]
    public async Task ParquetFromAStream_IsRead()
    {
        using var table = Table.Open("standard input", new ByteAtATime(await ParquetFile(), canSeek: false));
        Assert.True(table.IsCopy);
        Assert.Equal(["label", "prob_0", "prob_1"], table.Columns.Select(column => column.Name));
        Assert.Equal(["1", "0.2", "0.8"], table.Sample(2)[1]);
    }

    /// <summary>The program itself, from the first line of Main on: Parquet is copied, and the copy does not stay.</summary>
    [Fact]
    public async Task ParquetFromStandardInput_IsCopiedAndRead()
    {
        var temporary = Directory.CreateDirectory(Path.Combine(_tool.Folder, "temporary")).FullName;
        var start = new ProcessStartInfo("dotnet", [typeof(ToolCommand).Assembly.Location, "evaluate", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in (string[])["TMPDIR", "TMP", "TEMP"])
            start.Environment[variable] = temporary;
        using var process = Process.Start(start)!;
        await process.StandardInput.BaseStream.WriteAsync(await ParquetFile(), Stop);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.Equal((0, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync(Stop)));
        Assert.StartsWith("label: label; probabilities: prob_0, prob_1" + Environment.NewLine
            + "Standard input is Parquet, which is read from its end; it was copied to a temporary file." + Environment.NewLine,
            output, StringComparison.Ordinal);
        Assert.Contains("2 rows of 2 classes", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(temporary));
    }

    private static void AssertRows(Table table)
    {
        Assert.Equal(["Label", "cat", "dog"], table.Columns.Select(column => column.Name));
        Assert.Equal(2, table.Sample(10).Count);
        table.Select([0], [1, 2]);
        var rows = new List<(long Row, string Label, float Cat, float Dog)>();
        var scores = new float[2];
        while (table.MoveNext())
        {
            table.Scores(scores);
            rows.Add((table.Row, table.Text(0).ToString(), scores[0], scores[1]));
        }

        Assert.Equal([(2, "cat", 0.9f, 0.1f), (3, "dog", 0.2f, 0.8f)], rows);
    }

    private static byte[] Compressed()
    {
        using var file = new MemoryStream();
        using (var compressed = new GZipStream(file, CompressionLevel.Fastest))
            compressed.Write(Text);
        return file.ToArray();
    }

    private static async Task<byte[]> ParquetFile()
    {
        var label = new DataField<int>("label");
        DataField<double>[] scores = [new("prob_0"), new("prob_1")];
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new([label, .. scores]), file, cancellationToken: Stop))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(label, new[] { 0, 1 }, cancellationToken: Stop);
            await group.WriteAsync<double>(scores[0], new[] { 0.9, 0.2 }, cancellationToken: Stop);
            await group.WriteAsync<double>(scores[1], new[] { 0.1, 0.8 }, cancellationToken: Stop);
        }

        return file.ToArray();
    }

    private sealed class ByteAtATime(byte[] content, bool canSeek) : MemoryStream(content)
    {
        public override bool CanSeek => canSeek;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }
}
