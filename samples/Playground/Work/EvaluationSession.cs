using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Tool;
using MLNet.Softmax.Tool.Tables;

namespace Playground.Work;

/// <summary>The rows of one score file, and what is computed from them.</summary>
internal sealed class EvaluationSession
{
    private readonly List<ScoreBlock> _blocks = [];
    private readonly ScoreReader _reader;
    private readonly WorkSlices _slices = new();
    private readonly ScoreBlock _scratch;

    private EvaluationSession(string name, ScoreReader reader) => (Name, _reader, _scratch) = (name, reader, reader.NewBlock());

    public string Name { get; }

    public ScoreLayout Layout => _reader.Layout;

    public IEnumerable<string> Notes => _reader.Notes;

    private int ClassCount => _reader.ClassCount;

    private double RowCount => _blocks.Sum(block => (double)block.Count);

    /// <summary>Reads all rows.</summary>
    /// <exception cref="FormatException">The file is not as expected; the message is the tool's.</exception>
    public static async Task<EvaluationSession> Read(string name, Stream stream, LayoutOptions options)
    {
        using var reader = new ScoreReader(Table.Open(name, stream), options);
        var session = new EvaluationSession(name, reader);
        for (var block = reader.NewBlock(); reader.Read(block); block = reader.NewBlock())
        {
            session._blocks.Add(block);
            await session._slices.Next("Reading", reader.ShareRead);
        }

        return session;
    }

    /// <summary>Evaluates all rows, as <c>softmax evaluate FILE</c> does.</summary>
    public async Task<ProbabilityMetrics> Evaluate()
    {
        var evaluator = new ProbabilityEvaluator(Layout.ClassNames);
        await Visit("Evaluating", 0, first => Add(evaluator, first));
        evaluator.LeaveOut(_reader.LeftOut);
        var metrics = evaluator.ToMetrics();
        EvaluationWork.RequireRows(metrics);
        return metrics;
    }

    /// <summary>Fits a temperature on the first half of the rows, and evaluates the second half before and after.</summary>
    /// <exception cref="InvalidOperationException">There are too few rows; the message says how many are needed.</exception>
    public async Task<(Calibrator Fit, ProbabilityMetrics Before, ProbabilityMetrics After)> Calibrate()
    {
        var half = (long)(RowCount / 2);
        var rows = Layout.AreLogits ? CalibrationRows.OfLogits(ClassCount) : CalibrationRows.OfProbabilities(ClassCount);
        long added = 0;
        foreach (var block in _blocks)
        {
            for (var row = 0; row < block.Count && added < half; row++, added++)
                rows.Add(block.Row(row), block.Labels[row]);
            await _slices.Next("Fitting a temperature", double.NaN);
        }

        var fit = Calibrator.Fit("temperature", rows);
        var (before, after) = (NewEvaluator(), NewEvaluator());
        await Visit("Evaluating the second half", half, first => Add(before, first));
        await Visit("Evaluating the second half, calibrated", half, first => Add(after, first), fit);
        return (fit, before.ToMetrics(), after.ToMetrics());

        // Curves and errors need no memory for each row.
        ProbabilityEvaluator NewEvaluator() => new(Layout.ClassNames, ProbabilityEvaluationOptions.Streaming());
    }

    /// <summary>The probabilities of a class (without one, the confidences) that a threshold is compared with.</summary>
    public async Task<ThresholdRows> ReadThresholdRows(int? positiveClass)
    {
        var rows = new ThresholdRows(ClassCount, positiveClass);
        await Visit("Sorting the rows", 0, first =>
        {
            for (var row = first; row < _scratch.Count; row++)
                rows.Add(_scratch.Row(row), _scratch.Labels[row]);
        });
        return rows;
    }

    /// <summary>Visits the blocks of probabilities from a row on.</summary>
    private async Task Visit(string work, long start, Action<int> visit, Calibrator? calibrator = null)
    {
        long done = 0;
        foreach (var block in _blocks)
        {
            if (done + block.Count > start)
            {
                _scratch.CopyFrom(block);
                EvaluationWork.ToProbabilities(_scratch.Scores, _reader, calibrator);
                visit((int)Math.Max(0, start - done));
            }

            done += block.Count;
            await _slices.Next(work, (done - start) / (RowCount - start));
        }
    }

    private void Add(ProbabilityEvaluator evaluator, int first) => evaluator.Add(
        new(_scratch.Scores[(first * ClassCount)..], ClassCount, _scratch.Labels[first..]), _scratch.Numbers[first..],
        _scratch.Names.IsEmpty ? [] : _scratch.Names[first..]);
}
