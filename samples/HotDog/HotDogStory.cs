using Microsoft.ML;
using MLNet.Softmax.Samples;
using Spectre.Console;

namespace HotDog;

/// <summary>The account, chapter by chapter.</summary>
internal static class HotDogStory
{
    public static void Tell(HotDogSettings settings)
    {
        SampleConsole.Open();
        TargetFile.Check("--save", settings.Save);
        TargetFile.Check("--report", settings.Report);
        TargetFile.Check("--save", OnnxFile.Beside(settings.Save));
        var mlContext = new MLContext(HotDogSettings.Seed);
        var photographs = FeatureFile.Load(mlContext, settings.Features);
        var split = PhotographSplit.Of(mlContext, photographs);

        Chapter("Training");
        var trained = Training.Run(mlContext, split);

        Chapter("Calibration");
        var model = Calibration.Run(mlContext, trained, split.Calibration);
        var scored = model.Transform(split.Judging);
        var judged = JudgedPhotograph.Read(mlContext, model, split.Judging);
        Calibration.Show(mlContext, scored, judged);

        Chapter("From scores to a decision");
        MaxArgmaxSoftmax.Show(judged);
        Decision.Show(judged, settings.Threshold);

        Chapter("How good it is on the held-out photographs");
        Evaluation.Show(mlContext, scored, judged, settings.Threshold);
        EvaluationReport.Save(mlContext, scored, settings.Report);

        Chapter("Saved, loaded, asked again");
        ModelFile.Save(mlContext, model, photographs.Schema, settings.Save);
        FreshPredictions.Show(settings.Save, judged);

        Chapter("Exported, to run anywhere");
        OnnxFile.Save(mlContext, model, OnnxFile.Beside(settings.Save));
    }

    private static void Chapter(string title)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(title)}[/]").LeftJustified().RuleStyle("yellow"));
    }
}
