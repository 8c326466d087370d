using System.CommandLine;
using MLNet.Softmax.Samples;

namespace HotDog;

/// <summary>The command line: <c>train</c>, which is the default, and <c>ask</c>.</summary>
internal static class HotDogCommand
{
    public const string DefaultModel = "hotdog.zip";

    public static int Run(string[] args)
    {
        // Options without a command are those of 'train', so that the sample runs without any argument.
        var isTrain = args.Length == 0 || (args[0].StartsWith('-') && args[0] is not ("--help" or "-h" or "-?" or "--version"));
        var command = new RootCommand("Hot dog or not: from photographs to answers that can be trusted.") { CreateTrain(), CreateAsk() };
        return SampleCommand.Run("hotdog", command, isTrain ? ["train", .. args] : args);
    }

    private static Command CreateTrain()
    {
        var images = FileOption(
            "--images",
            "A folder with one folder of photographs (JPEG, PNG, WebP) per class (default: the features of 200 photographs, which come "
            + "with the sample)",
            "DIR");
        var trainer = new Option<string>("--trainer")
        {
            Description = "What is trained: on the features, or image-classification on the pictures themselves",
            DefaultValueFactory = _ => "perceptron",
        };
        trainer.AcceptOnlyFromAmong([.. TrainerChoice.Names]);
        var architecture = new Option<string>("--architecture")
        {
            Description = "The network of image-classification",
            DefaultValueFactory = _ => TrainerChoice.Architectures[0],
        };
        architecture.AcceptOnlyFromAmong([.. TrainerChoice.Architectures]);
        var epochs = CountOption("--epochs", "How many times perceptron and image-classification go through the photographs", "N", 100);
        var model = FileOption("--model", "Where the trained model goes; its ONNX export goes beside it", "FILE", DefaultModel);
        var report = FileOption("--report", "Where the report on the held-out photographs goes", "FILE", "hotdog.html");
        var threshold = ThresholdOption("the one of the highest F1");
        var positive = new Option<string?>("--positive")
        {
            Description = "The class that the threshold is for (default: the first that is not called not_..., if there are two classes)",
            HelpName = "CLASS",
        };
        var command = new Command("train", "Trains, calibrates, evaluates, saves, and asks the saved model.")
        {
            images, trainer, architecture, epochs, model, report, threshold, positive,
        };
        command.SetAction(result =>
        {
            SampleConsole.Open();
            using var stop = new StopSignal();
            TrainStory.Tell(
                new TrainSettings(
                    result.GetValue(images), result.GetValue(trainer)!, result.GetValue(architecture)!, result.GetValue(epochs),
                    result.GetValue(model)!, result.GetValue(report)!, result.GetValue(threshold), result.GetValue(positive)),
                stop.Token);
            return 0;
        });
        return command;
    }

    private static Command CreateAsk()
    {
        var photographs = new Argument<string[]>("photographs")
        {
            Description = "Photographs, or folders of them",
            Arity = ArgumentArity.OneOrMore,
            HelpName = "FILE|DIR",
        };
        var model = FileOption("--model", "The model that 'hotdog train' saved", "FILE", DefaultModel);
        var top = CountOption("--top", "How many classes to show for each photograph", "K", 1);
        var threshold = ThresholdOption("the model's own");
        var json = new Option<bool>("--json") { Description = "Write one JSON array and nothing else to standard output" };
        var command = new Command("ask", "Says what is on photographs.") { photographs, model, top, threshold, json };
        command.SetAction(result =>
        {
            using var stop = new StopSignal();
            return AskStory.Tell(
                new AskSettings(
                    result.GetValue(photographs)!, result.GetValue(model)!, result.GetValue(top),
                    result.GetValue(threshold), result.GetValue(json)),
                stop.Token);
        });
        return command;
    }

    private static Option<string> FileOption(string name, string description, string helpName, string? otherwise = null)
    {
        var option = new Option<string>(name) { Description = description, HelpName = helpName };
        if (otherwise is not null)
            option.DefaultValueFactory = _ => otherwise;
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError($"{name} is empty, but a name is expected.");
        });
        return option;
    }

    private static Option<int> CountOption(string name, string description, string helpName, int otherwise)
    {
        var option = new Option<int>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError($"{name} must be 1 or more.");
        });
        return option;
    }

    private static Option<float?> ThresholdOption(string otherwise) => new("--threshold")
    {
        Description = $"The probability from which a photograph counts as a hot dog, from 0 to 1 (default: {otherwise})",
        HelpName = "P",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!float.TryParse(text, out var value) || value is not (>= 0 and <= 1))
                result.AddError($"--threshold is {text}, but a number from 0 to 1 is expected.");
            return value;
        },
    };
}

/// <summary>What <c>hotdog train</c> was asked for.</summary>
internal sealed record TrainSettings(
    string? Images, string Trainer, string Architecture, int Epochs, string Model, string Report, float? Threshold, string? Positive)
{
    public bool IsImageClassification => Trainer == TrainerChoice.ImageClassification;

    /// <summary>All that is random follows from it.</summary>
    public const int Seed = 1;
}

/// <summary>What <c>hotdog ask</c> was asked for.</summary>
internal sealed record AskSettings(string[] Photographs, string Model, int Top, float? Threshold, bool Json);

/// <summary>Ctrl+C ends the work after the photograph at hand, instead of the process.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public StopSignal() => Console.CancelKeyPress += Stop;

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Console.CancelKeyPress -= Stop;
        _source.Dispose();
    }

    private void Stop(object? sender, ConsoleCancelEventArgs args)
    {
        args.Cancel = true;
        _source.Cancel();
    }
}
