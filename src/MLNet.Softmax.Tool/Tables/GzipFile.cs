using System.IO.Compression;
using System.IO.Pipelines;

namespace MLNet.Softmax.Tool.Tables;

/// <summary>A file compressed with gzip.</summary>
internal static class GzipFile
{
    private const int MostAhead = 1 << 20;

    /// <summary>The decompressed content, read ahead on a separate thread. A browser has no other thread.</summary>
    public static Stream Inflate(Stream file)
    {
        if (OperatingSystem.IsBrowser())
            return new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: MostAhead, resumeWriterThreshold: MostAhead / 2));
        _ = Task.Run(async () =>
        {
            Exception? failure = null;
            try
            {
                await using var inflated = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
                await inflated.CopyToAsync(pipe.Writer.AsStream(), 1 << 16).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            await pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
        });
        return pipe.Reader.AsStream();
    }
}
