using MulticlassEvaluation.Foods;
using Spectre.Console;

namespace MulticlassEvaluation;

/// <summary>Some pictures side by side in the terminal, two pixels to a character; nothing where the terminal has no colours.</summary>
internal static class PictureStrip
{
    private const string Gap = "  ";

    public static void Show(IEnumerable<FoodPicture> pictures)
    {
        var shown = pictures.ToArray();
        bool hasRoom = AnsiConsole.Profile.Width >= shown.Length * (Camera.Side + Gap.Length);
        if (!hasRoom || AnsiConsole.Profile.Capabilities.ColorSystem < ColorSystem.EightBit)
            return;
        for (int row = 0; row < Camera.Side; row += 2)
        {
            foreach (var picture in shown)
            {
                for (int column = 0; column < Camera.Side; column++)
                    AnsiConsole.Write(new Text("▀", new Style(Pixel(picture, row, column), Pixel(picture, row + 1, column))));
                AnsiConsole.Write(Gap);
            }

            AnsiConsole.WriteLine();
        }

        AnsiConsole.WriteLine(string.Concat(shown.Select(picture => picture.Label.PadRight(Camera.Side + Gap.Length))));
    }

    private static Color Pixel(FoodPicture picture, int row, int column)
    {
        var values = picture.Features.AsSpan((row * Camera.Side + column) * 3, 3);
        return new Color((byte)(values[0] * 255), (byte)(values[1] * 255), (byte)(values[2] * 255));
    }
}
