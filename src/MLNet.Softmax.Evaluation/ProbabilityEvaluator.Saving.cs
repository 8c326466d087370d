using MLNet.Softmax.Evaluation.Report;
using MLNet.Softmax.Evaluation.State;

namespace MLNet.Softmax.Evaluation;

/// <content>Saving and loading.</content>
public sealed partial class ProbabilityEvaluator
{
    /// <summary>
    /// Saves everything that was added so far, to <see cref="Load(Stream)"/> it in another process or on another machine and merge it
    /// there. The evaluator can be used further.
    /// </summary>
    /// <param name="stream">Where to write. The stream stays open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <remarks>
    /// The size depends on the classes and not on the rows, about 16 KB + 700 bytes x classes + 8 x classes^2 for the confusion matrix,
    /// under options that keep no rows (<see cref="ProbabilityEvaluationOptions.Streaming"/>). ROC AUC adds 4 bytes x classes a row; the
    /// adaptive calibration error, the bootstrap and kept rows together add about 19 bytes a row, and 8 more if the ids do not count up.
    /// </remarks>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        StateFile.Write(stream, state =>
        {
            TransferNames(state, ClassNames);
            Options.Transfer(state);
            Transfer(state);
        });
    }

    /// <summary>Does the same to a file.</summary>
    /// <param name="path">
    /// The path of the file. An existing file is replaced when the new one is complete; if writing fails, the old one stays.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or a directory.</exception>
    /// <exception cref="DirectoryNotFoundException">The directory of <paramref name="path"/> does not exist.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written to.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Loads an evaluator that was saved. It has the same classes, options and rows; more can be added or merged.</summary>
    /// <param name="stream">What <see cref="Save(Stream)"/> has written. It is read to its end, and stays open.</param>
    /// <returns>The evaluator.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="InvalidDataException">
    /// The stream is not a saved evaluation, or of a later version, incomplete or damaged: a checksum covers all of it.
    /// </exception>
    public static ProbabilityEvaluator Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var state = StateFile.Read(stream);
        try
        {
            var classNames = TransferNames(state, []);
            var options = new ProbabilityEvaluationOptions();
            options.Transfer(state);
            state.Require(LeastBytes(classNames.Length, options));
            var evaluator = new ProbabilityEvaluator(classNames, options);
            evaluator.Transfer(state);
            StateTransfer.Check(state.BytesLeft == 0, "its contents are too long");
            return evaluator;
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"The saved evaluation has classes or options that do not exist: {error.Message}", error);
        }
    }

    /// <summary>Loads an evaluator from a file.</summary>
    /// <param name="path">The path of a file that <see cref="Save(string)"/> has written.</param>
    /// <returns>The evaluator.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Load(Stream)"/>; the message begins with the path.</exception>
    public static ProbabilityEvaluator Load(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            return Load(file);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    private static string[] TransferNames(StateTransfer state, string[] names)
    {
        var count = state.Length(names.Length, sizeof(int));
        var transferred = new string[count];
        for (var label = 0; label < count; label++)
            transferred[label] = state.Text(state.IsReading ? "" : names[label]);
        return transferred;
    }

    /// <summary>The bytes of the tables that grow with more than the classes.</summary>
    private static long LeastBytes(int classCount, ProbabilityEvaluationOptions options) =>
        BinTable.LeastBytes(classCount, options.CalibrationBins)
        + (classCount <= options.LargestConfusionMatrix ? (long)classCount * classCount * sizeof(double) : 0);

    private void Transfer(StateTransfer state)
    {
        Headline.Transfer(state);
        TopK.Transfer(state);
        Classwise.Transfer(state);
        Confusion?.Transfer(state);
        RocAuc?.Transfer(state);
        Rows?.Transfer(state);
        Mistakes.Transfer(state, ClassNames.Length);
        DoubtfulRows.Transfer(state, ClassNames.Length);
        LeftOut = new(
            state.Count(LeftOut.MissingLabel), state.Count(LeftOut.UnknownLabel), state.Count(LeftOut.NotFinite),
            state.Count(LeftOut.InvalidWeight), state.Count(LeftOut.ZeroWeight), state.Count(LeftOut.RuledOutLabel));
        IsWeighted = state.Flag(IsWeighted);
        RowsRenormalized = state.Count(RowsRenormalized);
        LargestSumError = state.Number(LargestSumError);
        _nextId = state.Number(_nextId);
        StateTransfer.Check(Rows is null || Rows.Count == Headline.Classification.RowCount, "rows are missing");
    }
}
