using Microsoft.ML;
using Spectre.Console;

namespace HotDog;

/// <summary>Saves the model beside its final place first, so that a failure leaves no half-written file there.</summary>
internal static class ModelFile
{
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
