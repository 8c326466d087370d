using Spectre.Console;

namespace MLNet.Softmax.Samples;

/// <summary>The console of every sample.</summary>
internal static class SampleConsole
{
    /// <summary>A file or another program gets plain text, in lines that break where they were meant to.</summary>
    public static void Open()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Console =
                AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
            AnsiConsole.Profile.Width = 120;
        }
    }
}
