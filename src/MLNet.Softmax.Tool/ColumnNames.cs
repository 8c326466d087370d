using System.Text.RegularExpressions;

namespace MLNet.Softmax.Tool;

/// <summary>The names that columns of score files usually have.</summary>
internal static partial class ColumnNames
{
    public static readonly string[] LabelNames =
    [
        "label", "labels", "true_label", "truelabel", "y_true", "ytrue", "y", "target", "targets", "truth", "ground_truth", "groundtruth",
        "actual", "actual_label", "actual_class", "gold", "expected", "class", "true_class", "y_test", "reference", "obs", "outcome_class",
    ];

    public static readonly string[] RowIdNames =
        ["id", "row_id", "rowid", "sample_id", "example_id", "uid", "uuid", "image", "file", "filename", "file_name", "path", "name"];

    public static readonly string[] IgnoredNames =
    [
        "", "index", "idx", "row", "unnamed:_0", "predict", "predicted", "prediction", "predictions", "pred", "y_pred", "ypred", "y_hat",
        "predicted_label", "predictedlabel", "predicted_class", "pred_class", "_pred_class", "pred_label", "assigned",
        "scored_labels", "argmax", "correct", "is_correct", "iscorrect", "hit", "split", "fold", "is_test", "is_train", "log_loss",
        "logloss", "loss", "weight", "weights", "sample_weight", "w", "instance", "_row", "_fold", "_config", "resample", "rowindex",
        "confidence", "max_prob", "top_prob",
    ];

    public static readonly string[] SingleNames =
    [
        "probability", "prob", "proba", "p", "score", "scored_probabilities", "y_prob", "y_proba", "y_score", "p_1", "prob_1", "p1",
        "prob1",
    ];

    /// <summary>Names of predictions that a network with one output gives to its probability of the second class.</summary>
    public static readonly string[] PredictionNames =
        ["y_pred", "ypred", "y_hat", "pred", "prediction", "predictions", "predicted", "output"];

    /// <summary>A column's name as it is compared: in lower case, with underscores.</summary>
    public static string Normalize(string name) => Separators().Replace(name.Trim().ToLowerInvariant(), "_");

    [GeneratedRegex("""
        ^(?:(?<kind>Scored\ Probabilities\ for\ Class)\ "(?<class>.+)"
          | (?<kind>p|prob|proba|probability|score|logit)\s*[\(\[](?<class>[^\)\]]+)[\)\]]
          | (?<kind>(prob|score|logit)s?|proba|probability|probabilities|y_(prob|proba|score)|pred_(prob|proba)|softmax)
            [_.:\-\ ](?<class>.+)
          | (?<kind>\.pred)_(?<class>.+)
          | (?<kind>P|prob|proba|probability|score|logit|z)(?<class>\d+))$
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    public static partial Regex ScorePattern();

    /// <summary>Columns of ML.NET's evaluation of each row, in the order of the probabilities of the row.</summary>
    [GeneratedRegex(@"^((SortedScores|SortedClasses)\.)?#\d+ (Score|Class)$")]
    public static partial Regex RankPattern();

    [GeneratedRegex(@"[\s\-.]+")]
    private static partial Regex Separators();
}
