using System.Runtime.InteropServices.JavaScript;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Tool;

namespace Playground.Work;

/// <summary>What worker.js calls. It evaluates one file at a time, in a thread of its own, so that the page answers meanwhile.</summary>
internal static partial class EvaluationWorker
{
    private const string ExampleName = "digits-logits.csv";

    private static EvaluationSession? s_session;
    private static ProbabilityMetrics? s_metrics;
    private static (int? PositiveClass, ThresholdRows Rows)? s_rows;
    private static (ThresholdQuestion Question, ThresholdFit Fit)? s_fit;

    // As the tool does: without it, a truncated .gz file is read as if it were complete.
    static EvaluationWorker() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>Reads and evaluates the chosen file, or the built-in example if there is no name.</summary>
    [JSExport]
    public static Task<string> Evaluate(string name, double length, string options) => AnswerTo(async () =>
    {
        (s_session, s_metrics, s_rows, s_fit) = (null, null, null, null);
        var layout = LayoutOf(JsonSerializer.Deserialize(options, AnswerJson.Default.FileOptions)!);
        var stream = name.Length > 0 ? new DroppedFile((long)length)
            : typeof(EvaluationWorker).Assembly.GetManifestResourceStream(ExampleName)!;
        var session = await EvaluationSession.Read(name.Length > 0 ? name : ExampleName, stream, layout);
        var metrics = await session.Evaluate();
        (s_session, s_metrics) = (session, metrics);
        return EvaluationViews.Of(session, metrics);
    }, AnswerJson.Default.AnswerFileEvaluation);

    /// <summary>Fits a temperature on half of the rows of the evaluated file.</summary>
    [JSExport]
    public static Task<string> Calibrate() => AnswerTo(async () =>
    {
        var (fit, before, after) = await Session.Calibrate();
        return EvaluationViews.Of(fit, before, after);
    }, AnswerJson.Default.AnswerCalibrationEvaluation);

    /// <summary>The figures of the evaluated file at a threshold.</summary>
    [JSExport]
    public static Task<string> Decide(string question) => AnswerTo(async () =>
    {
        var wanted = JsonSerializer.Deserialize(question, AnswerJson.Default.ThresholdQuestion)!;
        // Only another class or other costs need the rows again.
        if (s_fit?.Question != wanted with { Threshold = s_fit?.Question.Threshold ?? 0 })
            s_fit = (wanted, (await RowsOf(wanted.PositiveClass)).Evaluate(wanted.Threshold, GoalOf(wanted)));
        return EvaluationViews.Of(s_fit!.Value.Fit with { Threshold = wanted.Threshold });
    }, AnswerJson.Default.AnswerThresholdEvaluation);

    /// <summary>The report of the evaluated file: the same HTML as the tool's.</summary>
    [JSExport]
    public static Task<string> Report() => AnswerTo(() =>
    {
        var path = Path.GetTempFileName();
        try
        {
            s_metrics!.SaveReport(path, new ProbabilityReportOptions { Title = Session.Name });
            return Task.FromResult(File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }, AnswerJson.Default.AnswerString);

    private static EvaluationSession Session => s_session ?? throw new InvalidOperationException("No file is evaluated.");

    private static async Task<ThresholdRows> RowsOf(int? positiveClass)
    {
        if (s_rows is null || s_rows.Value.PositiveClass != positiveClass)
            s_rows = (positiveClass, await Session.ReadThresholdRows(positiveClass));
        return s_rows.Value.Rows;
    }

    private static ThresholdGoal GoalOf(ThresholdQuestion question) => question.PositiveClass is null
        ? ThresholdGoal.MeanCostOfAbstaining(question.Missed) : ThresholdGoal.MeanCost(question.FalsePositive, question.Missed);

    private static LayoutOptions LayoutOf(FileOptions options)
    {
        static string? Text(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
        static string[]? List(string text) => NameList.Read(Text(text));
        return new(
            Text(options.Label), List(options.Scores), List(options.Ignore), Text(options.RowId), List(options.ClassNames),
            options.ScoreKind switch { "logits" => true, "probabilities" => false, _ => null });
    }

    private static async Task<string> AnswerTo<T>(Func<Task<T>> work, JsonTypeInfo<Answer<T>> type)
    {
        Answer<T> answer;
        try
        {
            answer = new(await work());
        }
        catch (OperationCanceledException)
        {
            answer = new();
        }
        catch (Exception exception) when (exception is FormatException or IOException or ArgumentException or InvalidOperationException)
        {
            answer = new(Error: exception.Message.ReplaceLineEndings(" "));
        }

        return JsonSerializer.Serialize(answer, type);
    }
}
