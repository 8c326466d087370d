using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Samples;
using Spectre.Console;

using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace HotDog;

/// <summary>From labelled photographs to a saved model whose probabilities can be trusted, told step by step.</summary>
internal static class TrainStory
{
    /// <summary>The column of the softmax of the scores before calibration.</summary>
    public const string Uncalibrated = "Uncalibrated";

    private const double Coverage = 0.9;

    private const int FewestOfAClass = 15;

    private const int FewestOfAll = 80;

    public static void Tell(TrainSettings settings, CancellationToken stop)
    {
        TargetFile.Check("--model", settings.Model);
        TargetFile.Check("--report", settings.Report);
        var mlContext = new MLContext(TrainSettings.Seed);
        var photographs = settings.Images is null ? FeatureFile.Load() : PhotographFolder.Read(mlContext, settings.Images, stop);
        string[] classes = [.. photographs.Select(one => one.Label).Distinct().Order(StringComparer.Ordinal)];
        CheckCounts(photographs, classes);
        var positive = PositiveClass(settings.Positive, classes);

        var (learning, forSets, heldOut) = Split(mlContext, photographs);
        var head = Train(mlContext, settings.Trainer, learning, forSets, classes.Length);
        ShowAccuracyOverFolds(mlContext, settings.Trainer, photographs);

        var scored = head.Transform(heldOut);
        var withTrueLabels = WithTrueLabels(mlContext, scored);
        EvaluatedPhotograph[] evaluated = [.. mlContext.Data.CreateEnumerable<EvaluatedPhotograph>(withTrueLabels, reuseRowObject: false)];
        StoryTables.ShowMaxArgmaxSoftmax(EvaluatedPhotograph.MostDoubtful(evaluated), classes);
        StoryTables.ShowDecision(evaluated, positive, settings.Threshold);
        StoryTables.ShowSets(evaluated, Coverage);
        Evaluate(mlContext, scored, settings, classes);

        SavedModel.Save(mlContext, head, settings.Model);
        if (settings.Images is null)
            AskAboutDrawings(settings, positive, stop);
    }

    /// <summary>
    /// The trainer with its temperature, fitted on out-of-fold scores, then top-k and the prediction sets, fitted on rows of their own.
    /// </summary>
    private static TransformerChain<ITransformer> Train(
        MLContext mlContext, string name, IDataView learning, IDataView forSets, int classCount)
    {
        var calibrators = mlContext.MulticlassClassification.Calibrators;
        var trainer = TrainerChoice.Create(mlContext, name).Append(mlContext.Transforms.Softmax(Uncalibrated, "Score"));
        // The lowest temperature keeps the fit finite where the classes are perfectly separable.
        var temperature = calibrators.Temperature(new() { Fitting = { MinimumTemperature = 0.1 } });
        var calibrated = AnsiConsole.Status().Start(
            $"Training {name} on all rows and on five folds", _ => calibrators.CrossFit(trainer, temperature).Fit(learning));
        var fit = calibrated.LastTransformer.Calibration;
        AnsiConsole.WriteLine(
            $"Trained {name}. Temperature {fit.Temperature:0.000}, fitted on the out-of-fold scores of {fit.RowsUsed} photographs: "
            + $"log-loss {fit.LossBefore:0.000} -> {fit.LossAfter:0.000} there. "
            + (fit.Temperature > 1 ? "Above 1: the model was too confident." : "Below 1: the model was not confident enough."));

        // LAC, because on few classes RAPS adds second labels that nobody needs.
        var answer = mlContext.Transforms.TopK("Top", "Probability", k: classCount)
            .Append(calibrators.PredictionSet(new()
            {
                Fitting = { Coverage = Coverage, Method = PredictionSetMethod.Lac, MinimumRows = 10 },
            }))
            .Fit(calibrated.Transform(forSets));
        return new TransformerChain<ITransformer>([.. calibrated, .. answer]);
    }

    private static void ShowAccuracyOverFolds(MLContext mlContext, string name, IReadOnlyList<Photograph> photographs)
    {
        var right = new[] { 1, 2 }.Sum(seed => StratifiedFolds(photographs, seed).Sum(fold =>
        {
            var model = TrainerChoice.Create(mlContext, name).Fit(ToKeyedData(mlContext, fold.Others));
            var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(ToKeyedData(mlContext, fold.Fold)));
            return metrics.MicroAccuracy * fold.Fold.Count;
        }));
        AnsiConsole.WriteLine(
            $"Accuracy over 10 folds (two seeds of 5) of all {photographs.Count} photographs: {right / (2 * photographs.Count):0.000}.");
    }

    /// <summary>Five parts with the same share of every class, each with all others.</summary>
    private static IEnumerable<(IReadOnlyList<Photograph> Fold, IReadOnlyList<Photograph> Others)> StratifiedFolds(
        IReadOnlyList<Photograph> photographs, int seed)
    {
        var shuffled = photographs.ToArray();
        new Random(seed).Shuffle(shuffled);
        var folds = shuffled.GroupBy(one => one.Label)
            .SelectMany(group => group.Select((photograph, index) => (photograph, Fold: index % 5)))
            .ToLookup(one => one.Fold, one => one.photograph);
        foreach (var fold in folds)
            yield return ([.. fold], [.. folds.Where(other => other.Key != fold.Key).SelectMany(other => other)]);
    }

    private static void Evaluate(MLContext mlContext, IDataView scored, TrainSettings settings, string[] classes)
    {
        var catalog = mlContext.MulticlassClassification;
        var options = new ProbabilityEvaluationOptions { RowNameColumnName = nameof(Photograph.Image), ConfidentMistakes = 5 };
        var before = catalog.EvaluateProbabilities(scored, probabilityColumnName: Uncalibrated, options: options);
        var after = catalog.EvaluateProbabilities(scored, options: options);
        StoryTables.ShowEvaluation(before, after);
        var report = new ProbabilityReportOptions
        {
            Title = classes.Contains("hotdog") ? "Hot dog or not" : $"{classes.Length} classes of photographs",
            Subtitle = $"{settings.Trainer} on ResNet18 features: {after.RowsUsed} held-out photographs, before and after calibration.",
            Before = before,
            Comparison = ProbabilityMetrics.Compare(before, after),
        };
        ReportFile.Save(after, settings.Report, report);
    }

    private static void AskAboutDrawings(TrainSettings settings, string positive, CancellationToken stop)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine("Pictures that this sample draws, through the whole saved model, from pixels to answers:");
        var folder = Directory.CreateTempSubdirectory("hotdog-drawings-");
        try
        {
            var files = DrawnPictures.Save(folder.FullName);
            AskStory.Tell(new AskSettings(files, settings.Model, Top: 1, settings.Threshold, positive, Json: false), stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (IDataView Learning, IDataView ForSets, IDataView HeldOut) Split(
        MLContext mlContext, IReadOnlyList<Photograph> photographs)
    {
        var data = ToKeyedData(mlContext, photographs);
        var last = mlContext.Data.TrainTestSplit(data, testFraction: 0.25, seed: TrainSettings.Seed);
        var first = mlContext.Data.TrainTestSplit(last.TrainSet, testFraction: 0.25, seed: TrainSettings.Seed);
        // Kept in memory: cross-fitting reads the rows several times.
        IDataView[] parts = [.. new[] { first.TrainSet, first.TestSet, last.TestSet }.Select(part => mlContext.Data.Cache(part))];
        AnsiConsole.WriteLine(
            $"{Count(parts[0])} photographs to train and calibrate on, {Count(parts[1])} for the prediction sets, {Count(parts[2])} held "
            + $"out. Seed {TrainSettings.Seed}.");
        return (parts[0], parts[1], parts[2]);

        static int Count(IDataView view) => view.GetColumn<float[]>(nameof(Photograph.Features)).Count();
    }

    private static IDataView ToKeyedData(MLContext mlContext, IReadOnlyList<Photograph> photographs)
    {
        var data = mlContext.Data.LoadFromEnumerable(photographs);
        // By value, so that the classes have the same order in every part of the data.
        return mlContext.Transforms.Conversion
            .MapValueToKey(nameof(Photograph.Label), keyOrdinality: KeyOrdinality.ByValue)
            .Fit(data).Transform(data);
    }

    private static IDataView WithTrueLabels(MLContext mlContext, IDataView scored) => mlContext.Transforms.Conversion
        .MapKeyToValue(nameof(EvaluatedPhotograph.TrueLabel), nameof(Photograph.Label)).Fit(scored).Transform(scored);

    private static void CheckCounts(IReadOnlyList<Photograph> photographs, string[] classes)
    {
        if (photographs.Count < FewestOfAll)
        {
            throw new InvalidOperationException(
                $"There are {photographs.Count} usable photographs, but at least {FewestOfAll} are needed to train, calibrate and "
                + "evaluate.");
        }

        foreach (var name in classes)
        {
            var count = photographs.Count(one => one.Label == name);
            if (count < FewestOfAClass)
            {
                throw new InvalidOperationException(
                    $"There are {count} usable photographs of '{name}', but at least {FewestOfAClass} of each class are needed to train, "
                    + "calibrate and evaluate.");
            }
        }
    }

    private static string PositiveClass(string? wanted, string[] classes) => wanted is null
        ? classes.Contains("hotdog") ? "hotdog" : classes[0]
        : classes.Contains(wanted)
            ? wanted
            : throw new ArgumentException($"--positive is '{wanted}', but the classes are {string.Join(", ", classes)}.");
}
