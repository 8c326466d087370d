using System.CommandLine;
using MLNet.Softmax.Samples;

namespace MulticlassEvaluation;

/// <summary>The command line.</summary>
internal static class EvaluationCommand
{
    public static int Run(string[] args) => SampleCommand.Run("multiclass-evaluation", Create(), args);

    private static RootCommand Create()
    {
        var options = new EvaluationOptions();
        var command = new RootCommand(EvaluationOptions.Description);
        foreach (var option in options.All)
            command.Add(option);
        command.SetAction(result =>
        {
            var settings = options.Read(result);
            SampleConsole.Open();
            TargetFile.Check("--report", settings.Report);
            if (settings.Scores is { } scores)
                ScoreStory.Tell(scores, settings);
            else
                FoodStory.Tell(settings);
            return 0;
        });
        return command;
    }
}
