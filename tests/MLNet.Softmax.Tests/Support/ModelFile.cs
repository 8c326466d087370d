using System.IO.Compression;

namespace MLNet.Softmax.Tests;

/// <summary>Changes one transformer's data inside a saved model, as damage would.</summary>
internal static class ModelFile
{
    /// <summary>The data of a transformer follows ML.NET's header of this many bytes.</summary>
    public const int HeaderSize = 256;

    /// <summary>
    /// A copy of <paramref name="model"/> in which <paramref name="edit"/> changed the data of the transformer that is marked
    /// <paramref name="signature"/>.
    /// </summary>
    public static byte[] Edit(byte[] model, string signature, Func<byte[], byte[]> edit)
    {
        var found = 0;
        using var edited = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(model)))
        using (var target = new ZipArchive(edited, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries)
            {
                using var content = new MemoryStream();
                using (var stream = entry.Open()) stream.CopyTo(content);
                var bytes = content.ToArray();
                if (bytes.AsSpan().IndexOf(System.Text.Encoding.Latin1.GetBytes(signature)) is >= 0 and < HeaderSize)
                {
                    bytes = edit(bytes);
                    found++;
                }

                using var copy = target.CreateEntry(entry.FullName).Open();
                copy.Write(bytes);
            }
        }

        Assert.Equal(1, found);
        return edited.ToArray();
    }

    /// <summary>What a transformer wrote itself; what follows it is ML.NET's.</summary>
    public static Span<byte> OwnData(byte[] component) => component.AsSpan(HeaderSize, (int)BitConverter.ToInt64(component, 0x18));

    /// <summary>
    /// Any byte of a transformer's own data may be wrong: the file loads or ends in a clear error, without a huge allocation. Returns the
    /// length of that data; what follows it, such as the name of the assembly, is ML.NET's.
    /// </summary>
    public static int AssertEveryByteMayBeWrong(byte[] model, string signature, int step = 1)
    {
        var length = 0;
        Edit(model, signature, bytes =>
        {
            length = OwnData(bytes).Length;
            return bytes;
        });
        for (var at = HeaderSize; at < HeaderSize + length; at += step)
        {
            var position = at;
            var damaged = Edit(model, signature, bytes =>
            {
                bytes[position] ^= 0xFF;
                return bytes;
            });
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Record.Exception(() => Scores.Load(damaged))?.GetBaseException();

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
            Assert.True(error is null or FormatException or InvalidOperationException or ArgumentException, $"{position}: {error}");
            Assert.NotEqual("", error?.Message);
        }

        return length;
    }

    /// <summary>The file does not load; ML.NET wraps what a component raises while it is loaded, once per level of nesting.</summary>
    public static void AssertFormatError(byte[] model, params string[] parts)
    {
        var error = Assert.IsType<FormatException>(Record.Exception(() => Scores.Load(model))?.GetBaseException());
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        ApprovedMessages.Check(error);
    }

    /// <summary>The model in Fixtures loads and gives what the transformer gives today.</summary>
    public static void AssertFixture(string name, ITransformer transformer, IDataView data)
    {
        var file = Path.Combine(Repository.Root, "tests", "MLNet.Softmax.Tests", "Fixtures", $"{name}.zip");
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("WRITE_FIXTURES") == "1")
            File.WriteAllBytes(file, Scores.Save(transformer, null));
        Assert.True(File.Exists(file), $"There is no {file}: with a new format version, run this test once with WRITE_FIXTURES=1.");

        var loaded = Scores.Load(File.ReadAllBytes(file));
        Assert.Equal(transformer.GetType(), loaded.GetType());
        Assert.Equal(ViewText.Of(transformer.Transform(data)), ViewText.Of(loaded.Transform(data)));
    }
}
