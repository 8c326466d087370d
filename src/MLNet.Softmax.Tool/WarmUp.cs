using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Tool.Tables;

namespace MLNet.Softmax.Tool;

/// <summary>
/// Evaluates a few rows that are made up, on another thread while the first file is opened: .NET compiles much of the code only when it
/// runs for the first time, and that takes a fifth of the time of a million rows.
/// </summary>
internal static class WarmUp
{
    public static Task Start() => Task.Run(() =>
    {
        using var reader = new ScoreReader(new MadeUpTable(), new LayoutOptions());
        _ = reader.Layout.ToString();
        var evaluator = new ProbabilityEvaluator(reader.Layout.ClassNames, ProbabilityEvaluationOptions.Streaming());
        var block = reader.NewBlock();
        reader.Read(block);
        evaluator.Add(new(block.Scores, reader.ClassCount, block.Labels, block.Weights), block.Numbers, block.Names);
        _ = evaluator.ToMetrics().ToString();
    });

    private sealed class MadeUpTable() : Table("", Stream.Null)
    {
        private const int ClassCount = 10, Rows = 512;
        private int _row = -1;

        public override IReadOnlyList<TableColumn> Columns { get; } =
            [new("label"), .. Enumerable.Range(0, ClassCount).Select(index => new TableColumn($"prob_{index}"))];

        public override long Row => _row + 1;

        public override IReadOnlyList<string[]> Sample(int rows) => [["1", .. Enumerable.Repeat("0.1", ClassCount)]];

        public override IEnumerable<float[]> FirstLists(int column) => [];

        public override void Select(IReadOnlyList<int> texts, IReadOnlyList<int> scores)
        {
        }

        public override bool MoveNext() => ++_row < Rows;

        public override ReadOnlySpan<char> Text(int column) => "1";

        public override void Scores(Span<float> destination) => destination.Fill(1f / ClassCount);
    }
}
