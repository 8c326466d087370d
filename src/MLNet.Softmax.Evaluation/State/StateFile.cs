using System.Buffers.Binary;
using System.Numerics;

namespace MLNet.Softmax.Evaluation.State;

/// <summary>
/// The format of a saved evaluation: "softmax" and a zero byte, the version of the format (4 bytes), the length of the contents (8 bytes),
/// the contents, and the CRC-32C (Castagnoli) of everything before it (4 bytes). All numbers are little-endian.
/// </summary>
internal static class StateFile
{
    public const int Version = 1;
    public const int HeaderLength = sizeof(ulong) + sizeof(int) + sizeof(long);
    private const int MostBytesOfBlock = 1 << 20;

    private static readonly ulong Magic = BinaryPrimitives.ReadUInt64LittleEndian("softmax\0"u8);

    public static void Write(Stream stream, Action<StateTransfer> transfer)
    {
        // The first time only to learn the length.
        var counting = new StateWriter(Stream.Null);
        transfer(counting);
        var buffered = new BufferedStream(stream);
        var writer = new StateWriter(buffered);
        writer.Number(Magic);
        writer.Number(Version);
        writer.Number(counting.BytesWritten);
        transfer(writer);
        writer.Number(~writer.Checksum);
        buffered.Flush();
    }

    /// <summary>Reads to the end of the stream, and checks all of it before anything is used.</summary>
    /// <exception cref="InvalidDataException">It is not a saved evaluation, of a later version, incomplete or damaged.</exception>
    public static StateReader Read(Stream stream)
    {
        var header = new byte[HeaderLength];
        var headerRead = stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        if (headerRead < sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic)
        {
            throw new InvalidDataException(
                "This is not a saved evaluation. ProbabilityEvaluator.Save and softmax evaluate --state write one.");
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(sizeof(ulong)));
        if (headerRead == HeaderLength && version != Version)
        {
            throw new InvalidDataException(
                $"The saved evaluation has format version {version}, but this version of MLNet.Softmax reads version {Version}. Update "
                + "MLNet.Softmax, or evaluate the rows again.");
        }

        var length = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(sizeof(ulong) + sizeof(int)));
        if (headerRead < HeaderLength || length is < 0 or > long.MaxValue - sizeof(uint))
            throw Incomplete();
        var checksum = Append(uint.MaxValue, header);
        var blocks = new Queue<byte[]>();
        for (var left = length; left > 0; left -= MostBytesOfBlock)
        {
            var block = ReadBlock(stream, (int)Math.Min(left, MostBytesOfBlock));
            checksum = Append(checksum, block);
            blocks.Enqueue(block);
        }

        var expected = BinaryPrimitives.ReadUInt32LittleEndian(ReadBlock(stream, sizeof(uint)));
        StateTransfer.Check(expected == ~checksum, "its checksum does not match its contents");
        StateTransfer.Check(stream.ReadByte() < 0, "more bytes follow");
        return new StateReader(blocks, length);
    }

    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            checksum = BitOperations.Crc32C(checksum, one);
        return checksum;
    }

    private static byte[] ReadBlock(Stream stream, int length)
    {
        var block = new byte[length];
        return stream.ReadAtLeast(block, length, throwOnEndOfStream: false) == length ? block : throw Incomplete();
    }

    private static InvalidDataException Incomplete() => StateTransfer.Damaged("it ends too early");
}

/// <summary>Writes, and computes length and checksum of what it has written.</summary>
internal sealed class StateWriter(Stream stream) : StateTransfer
{
    public override bool IsReading => false;

    public long BytesWritten { get; private set; }

    public uint Checksum { get; private set; } = uint.MaxValue;

    public override void Bytes(Span<byte> bytes)
    {
        BytesWritten += bytes.Length;
        Checksum = StateFile.Append(Checksum, bytes);
        stream.Write(bytes);
    }

    public override void Require(long bytes)
    {
    }
}

/// <summary>Reads blocks in memory.</summary>
internal sealed class StateReader(Queue<byte[]> blocks, long length) : StateTransfer
{
    private int _position;

    public override bool IsReading => true;

    public long BytesLeft { get; private set; } = length;

    public override void Bytes(Span<byte> bytes)
    {
        Require(bytes.Length);
        BytesLeft -= bytes.Length;
        while (!bytes.IsEmpty)
        {
            var block = blocks.Peek().AsSpan(_position);
            var count = Math.Min(block.Length, bytes.Length);
            block[..count].CopyTo(bytes);
            bytes = bytes[count..];
            _position += count;
            if (count < block.Length)
                continue;
            blocks.Dequeue();
            _position = 0;
        }
    }

    public override void Require(long bytes) => Check(bytes <= BytesLeft, "its contents end too early");
}
