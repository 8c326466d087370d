namespace Playground.Work;

/// <summary>The file that the user chose, read in large pieces while it stays on disk.</summary>
internal sealed class DroppedFile(long length) : Stream
{
    private const int PieceLength = 4 << 20;

    private readonly byte[] _piece = new byte[(int)Math.Min(PieceLength, Math.Max(length, 1))];
    private long _pieceStart;
    private int _pieceCount;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected 0 or more.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_position >= length || buffer.IsEmpty)
            return 0;
        if (_position < _pieceStart || _position >= _pieceStart + _pieceCount)
            (_pieceStart, _pieceCount) = (_position, WorkerScript.ReadFile(_position, _piece));
        var piece = _piece.AsSpan(0, _pieceCount)[(int)(_position - _pieceStart)..];
        var count = Math.Min(piece.Length, buffer.Length);
        piece[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    // A browser cannot wait for another thread, so that asynchronous reads are complete when they return.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer, offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
