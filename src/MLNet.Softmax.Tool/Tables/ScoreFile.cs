namespace MLNet.Softmax.Tool.Tables;

/// <summary>
/// A file whose asynchronous reads are done at once: Parquet.Net has no others, and handing one to another thread takes longer than
/// the read.
/// </summary>
internal sealed class ScoreFile(string path, FileMode mode, FileAccess access, FileOptions options = FileOptions.None)
    : FileStream(path, mode, access, FileShare.Read, 1 << 12, options)
{
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer, offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));
}
