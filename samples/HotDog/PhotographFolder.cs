using System.Diagnostics;
using Microsoft.ML;
using Spectre.Console;

namespace HotDog;

/// <summary>A folder with one folder of photographs per class, and what the network computes of them.</summary>
internal static class PhotographFolder
{
    /// <summary>Runs the network over all photographs that the cache beside the folder does not have.</summary>
    /// <exception cref="OperationCanceledException">Stopped; what is computed so far is kept.</exception>
    public static IReadOnlyList<Photograph> Read(MLContext mlContext, string folder, CancellationToken stop)
    {
        var files = Find(folder);
        using var cache = new FeatureCache(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + ".features");
        var missing = files.Where(file => cache.Find(file) is null).ToArray();
        AnsiConsole.WriteLine(
            $"{files.Length} photographs in {folder}, {files.Length - missing.Length} of them with features from an earlier run.");
        if (missing.Length > 0)
        {
            using var engine =
                mlContext.Model.CreatePredictionEngine<PhotographInMemory, PhotographFeatures>(ImageNetwork.Create(mlContext));
            ReadEach("ResNet18", missing, stop, (file, photograph) => cache.Add(file, engine.Predict(photograph).Features));
        }

        return
        [
            .. from file in files
               let features = cache.Find(file)
               where features is not null
               select new Photograph { Image = Path.GetRelativePath(folder, file), Label = LabelOf(file), Features = features },
        ];
    }

    /// <summary>The pictures themselves, for ImageClassification, which has networks of its own.</summary>
    public static IReadOnlyList<Photograph> ReadPictures(string folder, CancellationToken stop)
    {
        var photographs = new List<Photograph>();
        ReadEach("Reading", Find(folder), stop, (file, photograph) => photographs.Add(
            new() { Image = Path.GetRelativePath(folder, file), Label = LabelOf(file), Jpeg = photograph.Jpeg }));
        return photographs;
    }

    private static string[] Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new IOException($"--images is {folder}, but there is no such folder.");
        var all = Directory.EnumerateDirectories(folder).SelectMany(Directory.EnumerateFiles);
        string[] files = [.. all.Where(PhotographReader.IsPhotograph).Order(StringComparer.Ordinal)];
        string[] classes = [.. files.Select(LabelOf).Distinct()];
        return classes.Length >= 2
            ? files
            : throw new IOException(
                $"{folder} has photographs of {classes.Length} classes ({string.Join(", ", classes)}), but one folder of JPEG, PNG or WebP "
                + "files for each of at least two classes is expected.");
    }

    private static string LabelOf(string file) => Path.GetFileName(Path.GetDirectoryName(file))!;

    private static void ReadEach(string work, string[] files, CancellationToken stop, Action<string, PhotographInMemory> use)
    {
        var problems = new List<string>();
        var clock = Stopwatch.StartNew();
        ProgressColumn[] columns =
            [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()];
        AnsiConsole.Progress().Columns(columns).Start(bar =>
        {
            var task = bar.AddTask(work, maxValue: files.Length);
            foreach (var file in files)
            {
                stop.ThrowIfCancellationRequested();
                try
                {
                    using var image = PhotographReader.Read(file);
                    use(file, new PhotographInMemory { Image = image });
                }
                catch (PhotographException exception)
                {
                    problems.Add(exception.Message);
                }

                task.Increment(1);
                task.Description = $"{work}, {task.Value / clock.Elapsed.TotalSeconds:0} photographs a second";
            }
        });
        var seconds = clock.Elapsed.TotalSeconds;
        AnsiConsole.WriteLine($"{work} took {seconds:0.0} s: {files.Length / seconds:0} photographs a second.");
        foreach (var problem in problems)
            Console.Error.WriteLine($"hotdog: left out: {problem}");
    }
}
