using SkiaSharp;

namespace HotDog;

/// <summary>Pictures that the sample draws itself, so that every run shows the whole chain from pixels to answers.</summary>
internal static class DrawnPictures
{
    private const int Side = 224;

    /// <summary>Three hot dogs, a pizza and a salad, as PNG files.</summary>
    /// <returns>The paths of the files.</returns>
    public static string[] Save(string folder) =>
    [
        Save(folder, "hotdog-white.png", 0xFFFFFFFF, canvas => DrawHotDog(canvas, -8)),
        Save(folder, "hotdog-plate.png", 0xFF6A4A30, canvas =>
        {
            canvas.DrawCircle(112, 112, 110, Fill(0xFFF4F4F0));
            DrawHotDog(canvas, 12);
        }),
        Save(folder, "hotdog-blue.png", 0xFFB0C4D8, canvas => DrawHotDog(canvas, 0)),
        Save(folder, "pizza.png", 0xFFFFFFFF, DrawPizza),
        Save(folder, "salad.png", 0xFF907050, DrawSalad),
    ];

    private static string Save(string folder, string name, uint background, Action<SKCanvas> draw)
    {
        using var surface = SKSurface.Create(new SKImageInfo(Side, Side));
        surface.Canvas.Clear(new SKColor(background));
        draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 90);
        var path = Path.Combine(folder, name);
        using var file = File.Create(path);
        data.SaveTo(file);
        return path;
    }

    private static void DrawHotDog(SKCanvas canvas, float angle)
    {
        canvas.RotateDegrees(angle, Side / 2, Side / 2);
        using (var bun = Gradient(60, 170, 0xFFE8B060, 0xFFC07A30))
        {
            canvas.DrawRoundRect(20, 62, 184, 52, 26, 26, bun);
            canvas.DrawRoundRect(20, 116, 184, 52, 26, 26, bun);
        }

        using (var sausage = Gradient(90, 140, 0xFFC05030, 0xFF7A2412))
            canvas.DrawRoundRect(6, 92, 212, 46, 23, 23, sausage);

        // The mustard.
        using var line = new SKPath();
        line.MoveTo(24, 118);
        for (var wave = 0; wave < 9; wave++)
            line.QuadTo(34 + wave * 20, wave % 2 == 0 ? 92 : 138, 44 + wave * 20, 114);
        using var mustard = Fill(0xFFF2C21A);
        mustard.Style = SKPaintStyle.Stroke;
        mustard.StrokeWidth = 7;
        mustard.StrokeCap = SKStrokeCap.Round;
        mustard.StrokeJoin = SKStrokeJoin.Round;
        canvas.DrawPath(line, mustard);
    }

    private static void DrawPizza(SKCanvas canvas)
    {
        canvas.DrawCircle(112, 112, 104, Fill(0xFFB87830));
        canvas.DrawCircle(112, 112, 90, Fill(0xFFC8402A));
        canvas.DrawCircle(112, 112, 86, Fill(0xFFF0C860));
        for (var slice = 0; slice < 8; slice++)
        {
            canvas.DrawCircle(112, 62, 14, Fill(0xFF8E2418));
            canvas.DrawCircle(112, 62, 12, Fill(0xFFC03A28));
            canvas.DrawOval(96, 84, 5, 9, Fill(0xFF4A8A30));
            canvas.RotateDegrees(22.5f, Side / 2, Side / 2);
            using var cut = Fill(0xFFA06020);
            cut.StrokeWidth = 2;
            canvas.DrawLine(112, 112, 112, 10, cut);
            canvas.RotateDegrees(22.5f, Side / 2, Side / 2);
        }
    }

    private static void DrawSalad(SKCanvas canvas)
    {
        canvas.DrawCircle(112, 112, 100, Fill(0xFFF0F0F0));
        var random = new Random(1);
        for (var leaf = 0; leaf < 90; leaf++)
        {
            var colour = leaf % 5 == 0 ? 0xFFD03020 : leaf % 2 == 0 ? 0xFF4A9A30 : 0xFF7AC050;
            canvas.DrawOval(60 + random.Next(105), 60 + random.Next(105), 12, 7, Fill(colour));
        }
    }

    private static SKPaint Fill(uint colour) => new() { Color = new SKColor(colour), IsAntialias = true };

    private static SKPaint Gradient(float top, float bottom, uint first, uint last)
    {
        var paint = Fill(first);
        paint.Shader = SKShader.CreateLinearGradient(new(0, top), new(0, bottom), [new(first), new(last)], SKShaderTileMode.Clamp);
        return paint;
    }
}
