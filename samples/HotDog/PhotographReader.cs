using Microsoft.ML.Data;
using SkiaSharp;

namespace HotDog;

/// <summary>
/// Reads photographs. ML.NET's own LoadImages ignores the camera's orientation, accepts truncated files, and does not name a file that it
/// cannot decode.
/// </summary>
internal static class PhotographReader
{
    /// <summary>A small file can claim a size that fills the memory.</summary>
    private const int MostPixels = 100_000_000;

    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp"];

    public static bool IsPhotograph(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The pixels of a photograph, upright.</summary>
    /// <exception cref="PhotographException">The file is missing, empty, truncated or not a picture.</exception>
    public static MLImage Read(string path)
    {
        if (!File.Exists(path))
            throw new PhotographException(path, Directory.Exists(path) ? "is a folder" : "does not exist");
        try
        {
            using var file = File.OpenRead(path);
            return Read(file, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PhotographException(path, $"cannot be read ({exception.Message})");
        }
    }

    /// <summary>The pixels of a photograph, upright. Messages begin with <paramref name="name"/>.</summary>
    /// <exception cref="PhotographException">The file is empty, truncated, too large or not a picture.</exception>
    public static MLImage Read(Stream file, string name)
    {
        if (file.Length == 0)
            throw new PhotographException(name, "is empty");
        using var codec = SKCodec.Create(file) ?? throw new PhotographException(name, "is not a JPEG, PNG or WebP picture");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MostPixels)
            throw new PhotographException(name, $"has {width} x {height} pixels, but at most {MostPixels / 1_000_000} million can be read");
        using var bitmap = Decode(name, codec);
        using var upright = Turn(bitmap, codec.EncodedOrigin);
        return MLImage.CreateFromPixels(upright.Width, upright.Height, MLPixelFormat.Bgra32, upright.GetPixelSpan());
    }

    /// <summary>The picture as a JPEG file whose longer side has at most <paramref name="longest"/> pixels.</summary>
    public static byte[] ToJpeg(MLImage picture, int longest)
    {
        var info = new SKImageInfo(picture.Width, picture.Height, SKColorType.Bgra8888, SKAlphaType.Premul);
        var scale = Math.Min(1f, longest / (float)Math.Max(info.Width, info.Height));
        using var image = SKImage.FromPixelCopy(info, picture.Pixels);
        using var small = new SKBitmap(info.WithSize(Math.Max(1, (int)(info.Width * scale)), Math.Max(1, (int)(info.Height * scale))));
        image.ScalePixels(small.PeekPixels(), SKFilterQuality.Medium);
        using var jpeg = small.Encode(SKEncodedImageFormat.Jpeg, quality: 85);
        return jpeg.ToArray();
    }

    private static SKBitmap Decode(string name, SKCodec codec)
    {
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Bgra8888, alpha));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result == SKCodecResult.Success)
            return bitmap;
        bitmap.Dispose();
        throw new PhotographException(name, result == SKCodecResult.IncompleteInput ? "is truncated" : $"cannot be decoded ({result})");
    }

    /// <summary>A copy turned as the camera's orientation (EXIF) says.</summary>
    private static SKBitmap Turn(SKBitmap bitmap, SKEncodedOrigin origin)
    {
        var (width, height) = (bitmap.Width, bitmap.Height);
        // Each matrix maps a point of the stored picture to its place in the upright one.
        SKMatrix? matrix = origin switch
        {
            SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
            SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightTop => new SKMatrix(0, -1, height, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, height, -1, 0, width, 0, 0, 1),
            SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, width, 0, 0, 1),
            _ => null,
        };
        if (matrix is not { } turn)
            return bitmap.Copy();
        var isSideways = origin >= SKEncodedOrigin.LeftTop;
        var upright = new SKBitmap(bitmap.Info.WithSize(isSideways ? height : width, isSideways ? width : height));
        using var canvas = new SKCanvas(upright);
        canvas.SetMatrix(turn);
        canvas.DrawBitmap(bitmap, 0, 0);
        return upright;
    }
}

/// <summary>A photograph that cannot be used: one line that names the file.</summary>
internal sealed class PhotographException(string name, string problem) : Exception($"{name} {problem}.");
