using Microsoft.ML;
using Spectre.Console;

namespace HotDog;

/// <summary>Saves the model beside its final place first, so that a failure leaves no half-written file there.</summary>
internal static class ModelFile
{
    /// <summary>Says before the training, not after it, that the model could not be saved.</summary>
    public static void CheckTarget(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new IOException($"--save names a folder, {path}, but a file is expected.");
        if (Path.GetDirectoryName(full) is not { } folder || !Directory.Exists(folder))
            throw new IOException($"--save is {path}, but its folder does not exist.");
    }

    public static void Save(MLContext mlContext, ITransformer model, DataViewSchema inputSchema, string path)
    {
        var full = Path.GetFullPath(path);
        var partial = full + ".partial";
        try
        {
            mlContext.Model.Save(model, inputSchema, partial);
            File.Move(partial, full, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }

        AnsiConsole.WriteLine($"Saved {path} ({new FileInfo(full).Length / 1024.0:0} KB).");
    }
}
