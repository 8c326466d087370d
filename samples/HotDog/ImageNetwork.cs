using Microsoft.ML;
using Microsoft.ML.Data;

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

    /// <summary>The longer side of the pictures for ImageClassification: the largest that its networks see.</summary>
    public const int JpegSide = 299;

    /// <summary>The first step of the saved model: reads the file of the column ImagePath into the column Image.</summary>
    public static ITransformer CreateLoader(MLContext mlContext) =>
        mlContext.Transforms.LoadImages(nameof(PhotographInMemory.Image), imageFolder: "", nameof(PhotographFile.ImagePath))
            .Fit(mlContext.Data.LoadFromEnumerable(Array.Empty<PhotographFile>()));

    /// <summary>The same for a model of ImageClassification, which begins at the column Jpeg.</summary>
    public static ITransformer CreateJpegLoader(MLContext mlContext) =>
        mlContext.Transforms.LoadRawImageBytes(nameof(Photograph.Jpeg), imageFolder: "", nameof(PhotographFile.ImagePath))
            .Fit(mlContext.Data.LoadFromEnumerable(Array.Empty<PhotographFile>()));

    /// <summary>The steps from the column Image to the column Features. They have nothing to learn.</summary>
    public static TransformerChain<ITransformer> Create(MLContext mlContext) => new([
        .. mlContext.Transforms.ResizeImages("Pixels", Side, Side, nameof(PhotographInMemory.Image))
            .Append(mlContext.Transforms.ExtractPixels("Pixels"))
            .Append(mlContext.Transforms.DnnFeaturizeImage(
                nameof(Photograph.Features),
                network => network.ModelSelector.ResNet18(mlContext, network.OutputColumn, network.InputColumn),
                "Pixels"))
            .Fit(mlContext.Data.LoadFromEnumerable(Array.Empty<PhotographInMemory>())),
    ]);
}
