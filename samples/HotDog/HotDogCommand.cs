using System.CommandLine;
using MLNet.Softmax.Samples;

namespace HotDog;

/// <summary>The command line.</summary>
internal static class HotDogCommand
{
    public static int Run(string[] args) => SampleCommand.Run("hotdog", Create(), args);

    private static RootCommand Create()
    {
        var features = new Option<string>("--features")
        {
            Description = "A file of features: Image,Label,F0,F1,... with the labels hotdog and not_hotdog "
                + "(default: the 200 photographs that come with the sample)",
            HelpName = "FILE",
        };
        var save = new Option<string>("--save")
        {
            Description = "Where the trained model goes; its ONNX export goes beside it",
            HelpName = "FILE",
            DefaultValueFactory = _ => "hotdog.zip",
        };
        var report = new Option<string>("--report")
        {
            Description = "Where the report on the held-out photographs goes",
            HelpName = "FILE",
            DefaultValueFactory = _ => "hotdog.html",
        };
        var threshold = new Option<float>("--threshold")
        {
            Description = "The probability from which a photograph counts as a hot dog, from 0 to 1",
            HelpName = "P",
            DefaultValueFactory = _ => 0.5f,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!float.TryParse(text, out var value) || value is not (>= 0 and <= 1))
                    result.AddError($"--threshold is {text}, but a number from 0 to 1 is expected.");
                return value;
            },
        };
        foreach (var file in new[] { features, save, report })
        {
            file.Validators.Add(result =>
            {
                if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                    result.AddError($"{file.Name} is empty, but the name of a file is expected.");
            });
        }

        const string Purpose = "Hot dog or not: trains on labelled photographs, turns scores into probabilities with softmax, "
            + "decides, evaluates, saves and loads.";
        var command = new RootCommand(Purpose) { features, save, report, threshold };
        command.SetAction(result =>
        {
            HotDogStory.Tell(new HotDogSettings(
                result.GetValue(features) ?? HotDogSettings.BuiltInFeatures,
                result.GetValue(save)!, result.GetValue(report)!, result.GetValue(threshold)));
            return 0;
        });
        return command;
    }
}
