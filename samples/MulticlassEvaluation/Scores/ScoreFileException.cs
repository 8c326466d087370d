namespace MulticlassEvaluation.Scores;

/// <summary>
/// What is wrong with a file of scores, and where: rows are counted as an editor or a spreadsheet counts them, the header is row 1.
/// </summary>
internal sealed class ScoreFileException(string file, long row, string? column, string problem)
    : FormatException($"{file}, row {row}{(column is null ? "" : $", column {column}")}: {problem}.");
