namespace MLNet.Softmax.Tests;

public class ModelReaderTests
{
    [Fact]
    public void WhatWasWritten_IsRead()
    {
        var reader = Read(writer =>
        {
            writer.Write((byte)1);
            writer.Write(-7);
            writer.Write(1L << 40);
            writer.Write(0.1f);
            writer.Write(0.1);
            writer.Write("Wahrscheinlichkeit äöü 概率");
            writer.Write(2);
            writer.Write(3);
            foreach (var value in new[] { 1f, 2f, 3f }) writer.Write(value);
            writer.Write(1);
            writer.Write(0.5);
            writer.Write(2);
            writer.Write(8);
            writer.Write(9);
        });

        Assert.True(reader.ReadBoolean());
        Assert.Equal(-7, reader.ReadInt32());
        Assert.Equal(1L << 40, reader.ReadInt64());
        Assert.Equal(0.1f, reader.ReadSingle());
        Assert.Equal(0.1, reader.ReadDouble());
        Assert.Equal("Wahrscheinlichkeit äöü 概率", reader.ReadString());
        Assert.Equal(ScoreKind.Probabilities, reader.ReadEnum<ScoreKind>());
        Assert.Equal([1f, 2f, 3f], reader.ReadSingles());
        Assert.Equal([0.5], reader.ReadDoubles());
        Assert.Equal([8, 9], reader.ReadInt32s());
        Assert.Equal(1u, reader.Version);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void ACountThatTheFileCannotHold_IsRefusedBeforeAnythingIsAllocated(int count)
    {
        foreach (var read in new Action<ModelReader>[]
            { r => r.ReadSingles(), r => r.ReadDoubles(), r => r.ReadInt32s(), r => r.ReadCount(4) })
        {
            var reader = Read(writer =>
            {
                writer.Write(count);
                writer.Write((short)-1);
            });
            var before = GC.GetAllocatedBytesForCurrentThread();

            var error = Record.Exception(() => read(reader));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
            Refusal.Of<FormatException>(() => throw error!, $"a count of {count} items", "SoftmaxTransformer");
        }
    }

    [Fact]
    public void ATextLongerThanTheFile_IsRefused() =>
        Assert.Throws<FormatException>(Read(writer => writer.Write7BitEncodedInt(int.MaxValue)).ReadString);

    [Fact]
    public void AFileThatEndsEarly_IsRefused()
    {
        foreach (var read in new Action<ModelReader>[]
        {
            r => r.ReadInt32(), r => r.ReadInt64(), r => r.ReadSingle(), r => r.ReadDouble(), r => r.ReadString(), r => r.ReadBoolean(),
            r => r.ReadSingles(),
        })
            Refusal.Of<FormatException>(() => read(Read(_ => { })), "the end of the file before the end of the data");
    }

    [Fact]
    public void ValuesThatCannotBe_AreRefused()
    {
        Refusal.Of<FormatException>(() => Read(w => w.Write((byte)7)).ReadBoolean(), "found 7 where 0 or 1");
        Refusal.Of<FormatException>(() => Read(w => w.Write(9)).ReadEnum<ScoreKind>(), "found 9 where a ScoreKind");
        Refusal.Of<FormatException>(() => Read(w => w.Write("")).ReadColumnName(), "an empty column name");
        Refusal.Of<FormatException>(() => Read(_ => { }).Check(false, "two hats"), "found two hats");
    }

    [Fact]
    public void DataOfAnotherMark_IsRefused() => Refusal.Of<FormatException>(
        () => Read(_ => { }, signature: "TOPKCLSS"), "is marked 'SOFTMAXT', but this one is marked 'TOPKCLSS'");

    [Theory]
    [InlineData(2, 2, "format version 2, and this version of MLNet.Softmax reads versions 1 to 1. Update MLNet.Softmax")]
    [InlineData(0, 0, "format version 0, readable from version 0 on, which is impossible")]
    [InlineData(0, 1, "format version 0, readable from version 1 on, which is impossible")]
    public void DataOfAnotherVersion_IsRefused(uint written, uint readable, string expected) =>
        Refusal.Of<FormatException>(() => Read(_ => { }, written: written, readable: readable), expected);

    [Fact]
    public void DataOfALaterVersionThatIsStillReadable_IsRead() => Assert.Equal(5u, Read(_ => { }, written: 5, readable: 1).Version);

    private static ModelReader Read(Action<BinaryWriter> write, string signature = "SOFTMAXT", uint written = 1, uint readable = 1)
    {
        var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) write(writer);
        stream.Position = 0;
        return ModelReader.Begin(new BinaryReader(stream), typeof(SoftmaxTransformer), signature, written, readable);
    }
}
