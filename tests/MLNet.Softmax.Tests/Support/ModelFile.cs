using System.IO.Compression;

namespace MLNet.Softmax.Tests;

/// <summary>Changes one transformer's data inside a saved model, as damage would.</summary>
internal static class ModelFile
{
    /// <summary>The data of a transformer follows ML.NET's header of this many bytes.</summary>
    public const int HeaderSize = 256;

    /// <summary>A copy of <paramref name="model"/> in which <paramref name="edit"/> changed the data of the transformer that is marked <paramref name="signature"/>.</summary>
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
}
