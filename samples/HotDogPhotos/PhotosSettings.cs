using Microsoft.ML.Vision;

namespace HotDogPhotos;

/// <summary>What the command line asks for.</summary>
/// <param name="Images">A folder with one folder of photographs per class.</param>
/// <param name="Epochs">How often the last layer sees every photograph.</param>
/// <param name="Architecture">The network whose last layer is trained anew.</param>
/// <param name="Save">Where the trained model goes.</param>
internal sealed record PhotosSettings(string Images, int Epochs, ImageClassificationTrainer.Architecture Architecture, string Save)
{
    public const int Seed = 1;
}
