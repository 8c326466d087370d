using System.CommandLine;
using System.CommandLine.Parsing;
using MLNet.Softmax.Samples;

namespace MulticlassEvaluation;

/// <summary>The command line.</summary>
internal static class EvaluationCommand
{
    private const string Description = """
        Draws pictures of five foods, trains a perceptron on them, fits a temperature on held-out pictures, evaluates before and after,
        and writes a report. For predictions in a file, of any framework, see the tool: softmax evaluate.
        """;

    public static RootCommand Create()
    {
        var report = NotEmpty(new Option<string>("--report")
        {
            Description = "Where the report goes",
            HelpName = "FILE",
            DefaultValueFactory = _ => "report.html",
        });
        var seed = new Option<int>("--seed")
        {
            Description = "Other pictures, another training, other resamples",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var pictures = new Option<int>("--pictures")
        {
            Description = "How many pictures to train on; as many are evaluated, and half as many held out for the temperature",
            HelpName = "N",
            DefaultValueFactory = _ => 1500,
            CustomParser = result => (int)Number(
                result, value => value is >= 50 and <= 1_000_000 && value == Math.Floor(value), "a number from 50 to 1000000 is expected"),
        };
        var command = new RootCommand(Description) { report, seed, pictures };
        command.SetAction(result =>
        {
            SampleConsole.Open();
            TargetFile.Check("--report", result.GetValue(report)!);
            FoodStory.Tell(result.GetValue(report)!, result.GetValue(seed), result.GetValue(pictures));
            return 0;
        });
        return command;
    }

    private static Option<T> NotEmpty<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError($"{option.Name} is empty, but a name is expected.");
        });
        return option;
    }

    private static double Number(ArgumentResult result, Predicate<double> isExpected, string expected)
    {
        string text = result.Tokens[0].Value;
        if (!double.TryParse(text, out double value) || !isExpected(value))
            result.AddError($"{((OptionResult)result.Parent!).Option.Name} is {text}, but {expected}.");
        return value;
    }
}
