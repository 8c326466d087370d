using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.OfflineHost.Tests.Transforms;
using MLNet.Softmax.TestSupport;

namespace MLNet.OfflineHost.Tests.Models;

public class ModelFileTests
{
    private readonly MLContext _mlContext = new(1);

    [Fact]
    public void SaveAndLoad_InAnotherContext_GivesTheSameOutputAndSchema()
    {
        var (model, data) = Model();

        var loaded = new MLContext().Model.Load(Saved(model, data.Schema), out var schema);

        Assert.Equal(data.Schema.Select(column => (column.Name, column.Type)), schema.Select(column => (column.Name, column.Type)));
        var expected = model.Transform(data);
        var actual = loaded.Transform(data);
        Assert.Equal(expected.Schema.Select(column => column.ToString()), actual.Schema.Select(column => column.ToString()));
        Assert.Equal(expected.GetColumn<float[]>("Features"), actual.GetColumn<float[]>("Features"));
        Assert.Equal(expected.GetColumn<uint>("Label"), actual.GetColumn<uint>("Label"));
        Assert.Equal(expected.GetColumn<uint>("NumberKey"), actual.GetColumn<uint>("NumberKey"));
        Assert.Equal(expected.GetColumn<string>("Back"), actual.GetColumn<string>("Back"));
    }

    [Fact]
    public void Save_KeepsTheAnnotationsOfTheInputSchema()
    {
        var (model, data) = Model();
        var keyed = model.Transform(data);
        var copy = _mlContext.Transforms.CopyColumns("Copy", "Label").Fit(keyed);

        new MLContext().Model.Load(Saved(copy, keyed.Schema), out var schema);

        VBuffer<ReadOnlyMemory<char>> texts = default;
        schema["Label"].GetKeyValues(ref texts);
        Assert.Equal(["dog", "cat"], texts.DenseValues().Select(text => text.ToString()));
        schema["Features"].GetSlotNames(ref texts);
        Assert.Equal(["A", "B"], texts.DenseValues().Select(text => text.ToString()));
        Assert.True(schema["Features"].IsNormalized());
    }

    /// <summary>The model of these tests and a copied column, with the schema of the model's own output.</summary>
    [Theory]
    [InlineData("saved-by-mlnet-5.0.0.zip")]
    [InlineData("saved-by-offline-host.zip")]
    public void Load_ModelSavedByEitherHost_GivesTheSameOutput(string file)
    {
        var (model, data) = Model();

        var loaded = new MLContext().Model.Load(Path.Combine(Repository.Root, "tests", "MLNet.OfflineHost.Tests", "Models", "Fixtures", file), out var schema);

        var expected = model.Transform(data);
        var actual = loaded.Transform(data);
        Assert.Equal(expected.Schema.Select(column => column.ToString()), schema.Select(column => column.ToString()));
        Assert.Equal(KeyMappingTests.KeyTexts(expected.Schema["Label"]), KeyMappingTests.KeyTexts(schema["Label"]));
        Assert.Equal(expected.GetColumn<float[]>("Features"), actual.GetColumn<float[]>("Features"));
        Assert.Equal(expected.GetColumn<uint>("NumberKey"), actual.GetColumn<uint>("NumberKey"));
        Assert.Equal(expected.GetColumn<string>("Back"), actual.GetColumn<string>("Back"));
        Assert.Equal(expected.GetColumn<uint>("Label"), actual.GetColumn<uint>("Copy"));
    }

    [Fact]
    public void Save_WithoutSchema_LoadsWithoutSchema()
    {
        var (model, _) = Model();

        new MLContext().Model.Load(Saved(model, null!), out var schema);

        Assert.Null(schema);
    }

    [Fact]
    public void Save_ToAPath_LoadsFromThePath()
    {
        var (model, data) = Model();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");
        try
        {
            _mlContext.Model.Save(model, data.Schema, path);
            var loaded = new MLContext().Model.Load(path, out _);
            Assert.Equal(model.Transform(data).GetColumn<float[]>("Features"), loaded.Transform(data).GetColumn<float[]>("Features"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void SavedModel_IsAZipWithADirectoryForEachTransformer()
    {
        var (model, data) = Model();

        using var archive = new ZipArchive(Saved(model, data.Schema));

        var names = archive.Entries.Select(entry => entry.FullName).ToArray();
        Assert.Contains("Schema", names);
        Assert.Contains("TransformerChain/Model.key", names);
        Assert.Contains("TransformerChain/Transform_000/Model.key", names);
        Assert.Contains("TransformerChain/Transform_004/Model.key", names);
    }

    [Fact]
    public void Load_WhatIsNoModel_IsAFormatError()
    {
        Assert.Throws<FormatException>(() => _mlContext.Model.Load(new MemoryStream("no model"u8.ToArray()), out _));
    }

    [Fact]
    public void Load_TruncatedModel_IsAnErrorWhereverItEnds()
    {
        var (model, data) = Model();
        var bytes = Saved(model, data.Schema).ToArray();

        for (int length = 0; length < bytes.Length; length += 97)
            Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(new MemoryStream(bytes[..length]), out _));
    }

    [Fact]
    public void Load_DamagedModel_NeverAllocatesByAnUncheckedCount()
    {
        Assert.SkipUnless(Repository.IsOffline, "ML.NET itself does not promise this.");
        var (model, data) = Model();
        var saved = Saved(model.Append(_mlContext.Transforms.CopyColumns("Copy", "Label").Fit(model.Transform(data))), model.Transform(data).Schema);
        using var archive = new ZipArchive(saved);
        var names = archive.Entries.Select(entry => entry.FullName).ToArray();
        var contents = archive.Entries.Select(Content).ToArray();
        int refused = 0;
        for (int damaged = 0; damaged < contents.Length; damaged++)
        {
            for (int position = 0; position + 4 <= contents[damaged].Length; position += 3)
            {
                var original = contents[damaged];
                contents[damaged] = [.. original[..position], 0xFF, 0xFF, 0xFF, 0x7F, .. original[(position + 4)..]];
                long before = GC.GetAllocatedBytesForCurrentThread();
                if (Record.Exception(() => new MLContext().Model.Load(Zipped(names, contents), out _)) is { } error)
                {
                    refused++;
                    Assert.IsNotType<OutOfMemoryException>(error);
                }

                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
                contents[damaged] = original;
            }
        }

        Assert.NotEqual(0, refused);
    }

    [Fact]
    public void Load_MissingFile_IsFileNotFound()
    {
        Assert.Throws<FileNotFoundException>(() => _mlContext.Model.Load(Path.Combine(Path.GetTempPath(), "absent.zip"), out _));
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static MemoryStream Zipped(string[] names, byte[][] contents)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int index = 0; index < names.Length; index++)
            {
                using var entry = archive.CreateEntry(names[index], CompressionLevel.NoCompression).Open();
                entry.Write(contents[index]);
            }
        }

        stream.Position = 0;
        return stream;
    }

    private static MemoryStream Saved(ITransformer model, DataViewSchema schema)
    {
        var stream = new MemoryStream();
        new MLContext().Model.Save(model, schema, stream);
        stream.Position = 0;
        return stream;
    }

    private (ITransformer Model, IDataView Data) Model()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[]
        {
            new Row { A = 1, B = -4, Name = "dog" }, new Row { A = 2, B = 8, Name = "cat" }, new Row { A = 4, B = 2, Name = "dog" },
        });
        var pipeline = _mlContext.Transforms.Concatenate("Raw", "A", "B")
            .Append(_mlContext.Transforms.NormalizeMinMax("Features", "Raw", fixZero: false))
            .Append(_mlContext.Transforms.Conversion.MapValueToKey("Label", "Name"))
            .Append(_mlContext.Transforms.Conversion.MapValueToKey("NumberKey", "A"))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("Back", "Label"));
        return (pipeline.Fit(data), data);
    }

    private sealed class Row
    {
        public float A { get; set; }

        public float B { get; set; }

        public string Name { get; set; } = "";
    }
}
