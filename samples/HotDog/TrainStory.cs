using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Calibration;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Samples;
using MLNet.Softmax.Transforms;
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
        var trainer = TrainerChoice.Create(mlContext, settings);
        var photographs = Read(mlContext, settings, stop);
        string[] classes = [.. photographs.Select(one => one.Label).Distinct().Order(StringComparer.Ordinal)];
        CheckCounts(photographs, classes);

        var (learning, forSets, heldOut) = Split(mlContext, photographs);
        var head = Train(mlContext, settings, trainer, learning, forSets, classes);
        if (!settings.IsImageClassification)
            ShowAccuracyOverFolds(mlContext, trainer, photographs);

        var scored = head.Transform(heldOut);
        var evaluated = mlContext.Data.CreateEnumerable<EvaluatedPhotograph>(scored, reuseRowObject: false);
        StoryTables.ShowMaxArgmaxSoftmax(evaluated.MinBy(one => one.TopScores[0] - one.TopScores[1])!, classes);
        Evaluate(mlContext, scored, head.OfType<DecideTransformer>().Single(), settings, classes);

        SavedModel.Save(mlContext, head, settings.Model, hasOwnNetwork: settings.IsImageClassification);
        if (settings.Images is null)
            AskAboutDrawings(settings, stop);
    }

    private static IReadOnlyList<Photograph> Read(MLContext mlContext, TrainSettings settings, CancellationToken stop) => settings switch
    {
        { IsImageClassification: true, Images: null } =>
            throw new ArgumentException("--trainer image-classification learns from pictures: name a folder of them with --images."),
        { IsImageClassification: true, Images: { } folder } => PhotographFolder.ReadPictures(folder, stop),
        { Images: { } folder } => PhotographFolder.Read(mlContext, folder, stop),
        _ => FeatureFile.Load(),
    };

    /// <summary>
    /// The trainer with its temperature and threshold, both fitted on out-of-fold scores, then top-k and the prediction sets, fitted on
    /// rows of their own.
    /// </summary>
    private static TransformerChain<ITransformer> Train(
        MLContext mlContext, TrainSettings settings, IEstimator<ITransformer> trainer, IDataView learning, IDataView forSets,
        string[] classes)
    {
        var calibrators = mlContext.MulticlassClassification.Calibrators;
        var withSoftmax = trainer.Append(mlContext.Transforms.Softmax(Uncalibrated, "Score"));
        // The lowest temperature keeps the fit finite where the classes are perfectly separable.
        var calibrator = calibrators.Temperature(new() { Fitting = { MinimumTemperature = 0.1 } })
            .Append(CreateDecision(mlContext, settings, classes));
        var calibrated = AnsiConsole.Status().Start(
            $"Training {settings.Trainer} on all rows and on five folds", _ => calibrators.CrossFit(withSoftmax, calibrator).Fit(learning));
        var fit = calibrated.LastTransformer.OfType<TemperatureCalibratorTransformer>().Single().Calibration;
        AnsiConsole.WriteLine(
            $"Trained {settings.Trainer}. Temperature {fit.Temperature:0.000}, fitted on the out-of-fold scores of {fit.RowsUsed} "
            + $"photographs: log-loss {fit.LossBefore:0.000} -> {fit.LossAfter:0.000} there. "
            + (fit.Temperature > 1 ? "Above 1: the model was too confident." : "Below 1: the model was not confident enough."));

        var answer = mlContext.Transforms.TopK("Top", "Probability", k: classes.Length)
            .Append(calibrators.PredictionSet(new() { Fitting = { Coverage = Coverage, MinimumRows = 10 } }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(calibrated.Transform(forSets));
        return new TransformerChain<ITransformer>([.. calibrated.SkipLast(1), .. calibrated.LastTransformer, .. answer]);
    }

    private static void ShowAccuracyOverFolds(
        MLContext mlContext, IEstimator<ITransformer> trainer, IReadOnlyList<Photograph> photographs)
    {
        double right = 0;
        foreach (var seed in new[] { 1, 2 })
        {
            var parts = StratifiedParts(photographs, seed, count: 5);
            foreach (var part in parts)
            {
                var model = trainer.Fit(ToKeyedData(mlContext, parts.Where(other => other.Key != part.Key)));
                var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(ToKeyedData(mlContext, [part])));
                right += metrics.MicroAccuracy * part.Count();
            }
        }

        AnsiConsole.WriteLine(
            $"Accuracy over 10 folds (two seeds of 5) of all {photographs.Count} photographs: {right / (2 * photographs.Count):0.000}.");
    }

    /// <summary>Parts of equal size with the same share of every class.</summary>
    private static ILookup<int, Photograph> StratifiedParts(IReadOnlyList<Photograph> photographs, int seed, int count)
    {
        var shuffled = photographs.ToArray();
        new Random(seed).Shuffle(shuffled);
        return shuffled.GroupBy(one => one.Label)
            .SelectMany(group => group.Select((photograph, index) => (photograph, Part: index % count)))
            .ToLookup(one => one.Part, one => one.photograph);
    }

    private static void Evaluate(
        MLContext mlContext, IDataView scored, DecideTransformer decide, TrainSettings settings, string[] classes)
    {
        var catalog = mlContext.MulticlassClassification;
        var hasThreshold = decide.Thresholds.Count > 0;
        if (hasThreshold)
            StoryTables.ShowDecision(decide, goal => catalog.EvaluateThreshold(scored, decide, goal));
        var sets = catalog.EvaluatePredictionSets(scored);
        StoryTables.ShowSets(sets, Coverage);
        var options = new ProbabilityEvaluationOptions
        {
            RowNameColumnName = nameof(Photograph.Image),
            ConfidentMistakes = 12,
            DoubtfulRows = 12,
        };
        var before = catalog.EvaluateProbabilities(scored, probabilityColumnName: Uncalibrated, options: options);
        var after = catalog.EvaluateProbabilities(scored, options: options);
        StoryTables.ShowEvaluation(before, after);
        var report = new ProbabilityReportOptions
        {
            Title = classes.Contains("hotdog") ? "Hot dog or not" : $"{classes.Length} classes of photographs",
            Subtitle = $"{settings.Trainer} on {(settings.IsImageClassification ? settings.Architecture : "ResNet18 features")}: "
                + $"{after.RowsUsed} held-out photographs, before and after calibration.",
            Before = before,
            Comparison = ProbabilityMetrics.Compare(before, after),
            Threshold = hasThreshold ? catalog.EvaluateThreshold(scored, decide) : null,
            PredictionSets = sets,
            Image = settings.Images is { } folder ? name => Thumbnail(Path.Combine(folder, name)) : null,
        };
        ReportFile.Save(after, settings.Report, report);
    }

    private static byte[] Thumbnail(string path)
    {
        using var photograph = PhotographReader.Read(path);
        return PhotographReader.ToJpeg(photograph, longest: 200);
    }

    private static void AskAboutDrawings(TrainSettings settings, CancellationToken stop)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine("Pictures that this sample draws, through the whole saved model, from pixels to answers:");
        var folder = Directory.CreateTempSubdirectory("hotdog-drawings-");
        try
        {
            var files = DrawnPictures.Save(folder.FullName);
            AskStory.Tell(new AskSettings(files, settings.Model, Top: 1, Threshold: null, Json: false), stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (IDataView Learning, IDataView ForSets, IDataView HeldOut) Split(
        MLContext mlContext, IReadOnlyList<Photograph> photographs)
    {
        var parts = StratifiedParts(photographs, TrainSettings.Seed, count: 8);
        var split = parts.ToLookup(part => part.Key switch { 0 or 1 => "held out", 2 => "sets", _ => "learning" });
        AnsiConsole.WriteLine(
            $"{Count("learning")} photographs to train and calibrate on, {Count("sets")} for the prediction sets, {Count("held out")} held "
            + $"out. Seed {TrainSettings.Seed}.");
        return (View("learning"), View("sets"), View("held out"));

        int Count(string name) => split[name].Sum(part => part.Count());
        // Kept in memory: cross-fitting reads the rows several times.
        IDataView View(string name) => mlContext.Data.Cache(ToKeyedData(mlContext, split[name]));
    }

    private static IDataView ToKeyedData(MLContext mlContext, IEnumerable<IEnumerable<Photograph>> parts)
    {
        var data = mlContext.Data.LoadFromEnumerable(parts.SelectMany(part => part).ToArray());
        // By value, so that the classes have the same order in every part of the data.
        return mlContext.Transforms.Conversion
            .MapValueToKey(nameof(Photograph.Label), keyOrdinality: KeyOrdinality.ByValue)
            .Fit(data).Transform(data);
    }

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

    /// <summary>At a threshold; the most probable class where there are more than two, and neither class nor threshold is given.</summary>
    private static IEstimator<DecideTransformer> CreateDecision(MLContext mlContext, TrainSettings settings, string[] classes)
    {
        var positive = settings.Positive ?? classes.FirstOrDefault(name => !name.StartsWith("not_", StringComparison.Ordinal), classes[0]);
        if (!classes.Contains(positive))
            throw new ArgumentException($"--positive is '{positive}', but the classes are {string.Join(", ", classes)}.");
        return settings switch
        {
            { Threshold: { } given } => mlContext.Transforms.Decide(positiveClass: positive, threshold: given),
            { Positive: null } when classes.Length > 2 => mlContext.Transforms.Decide(),
            _ => mlContext.MulticlassClassification.Calibrators.Threshold(ThresholdGoal.FBeta(), positive),
        };
    }
}
