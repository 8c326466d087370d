using Microsoft.ML;
using Microsoft.ML.Transforms.Image;

namespace HotDog;

/// <summary>
/// From a photograph to 512 numbers: a ResNet18 that has seen ImageNet. It takes some 45 ms a photograph, so its results are kept.
/// </summary>
internal static class ImageNetwork
{
    public const string Name = "ResNet18 of Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1";

    public const int FeatureCount = 512;

    /// <summary>The width and height of the picture that the network sees.</summary>
    public const int Side = 224;

    /// <summary>The first step of the saved model: reads the file of the column ImagePath into the column Image.</summary>
    public static ITransformer CreateLoader(MLContext mlContext) =>
        mlContext.Transforms.LoadImages(nameof(PhotographInMemory.Image), imageFolder: "", nameof(PhotographFile.ImagePath))
            .Fit(mlContext.Data.LoadFromEnumerable(Array.Empty<PhotographFile>()));

    /// <summary>The steps from the column Image to the column Features. They have nothing to learn.</summary>
    public static ITransformer Create(MLContext mlContext) =>
        mlContext.Transforms.ResizeImages("Pixels", Side, Side, nameof(PhotographInMemory.Image))
            .Append(mlContext.Transforms.ExtractPixels("Pixels"))
            .Append(mlContext.Transforms.DnnFeaturizeImage(
                "Network", network => network.ModelSelector.ResNet18(mlContext, network.OutputColumn, network.InputColumn), "Pixels"))
            // The network gives the shape [1, 512, 1, 1], and trainers want a plain vector.
            .Append(mlContext.Transforms.Concatenate(nameof(Photograph.Features), "Network"))
            .Fit(mlContext.Data.LoadFromEnumerable(Array.Empty<PhotographInMemory>()));
}
