using System.CommandLine;
using Microsoft.ML.Vision;
using MLNet.Softmax.Samples;

namespace HotDogPhotos;

/// <summary>The command line.</summary>
internal static class PhotosCommand
{
    public static int Run(string[] args) => SampleCommand.Run("hotdogphotos", Create(), args);

    private static RootCommand Create()
    {
        var images = new Option<string>("--images") { Description = "A folder with one folder of JPEG or PNG photographs per class", HelpName = "DIR", Required = true };
        var epochs = new Option<int>("--epochs") { Description = "How often the trainer sees every photograph", HelpName = "N", DefaultValueFactory = _ => 50 };
        var architecture = new Option<ImageClassificationTrainer.Architecture>("--architecture")
        {
            Description = "The network whose last layer is trained anew",
            DefaultValueFactory = _ => ImageClassificationTrainer.Architecture.MobilenetV2,
        };
        var save = new Option<string>("--save") { Description = "Where the trained model goes", HelpName = "FILE", DefaultValueFactory = _ => "hotdogphotos.zip" };
        var command = new RootCommand("Hot dog or not, from the photographs themselves: ML.NET's image trainer, then softmax, top-k, evaluation, saving and loading.") { images, epochs, architecture, save };
        command.SetAction(result =>
        {
            var settings = new PhotosSettings(
                result.GetValue(images)!, result.GetValue(epochs), result.GetValue(architecture), result.GetValue(save)!);
            ArgumentOutOfRangeException.ThrowIfLessThan(settings.Epochs, 1, "--epochs");
            PhotosStory.Tell(settings);
            return 0;
        });
        return command;
    }
}
