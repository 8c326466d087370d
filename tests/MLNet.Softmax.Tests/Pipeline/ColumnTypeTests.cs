using System.Reflection;
using System.Text;

namespace MLNet.Softmax.Tests;

/// <summary>
/// What each requirement says of a column of each type, whether it is found in data or promised by a shape: approved texts, so that both
/// stay alike.
/// </summary>
public class ColumnTypeTests
{
    [Fact]
    public void EveryRequirement_OfAColumnOfEveryType_SaysTheApproved()
    {
        var schema = Columns().Schema;
        var shape = (SchemaShape)typeof(SchemaShape).GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic)!
            .Invoke(null, [schema])!;
        (string Name, Action<string> OfSchema, Action<string> OfShape)[] requirements =
        [
            ("Require", name => schema.Require(name), name => shape.Require(name)),
            ("RequireVector", name => schema.RequireVector(name), name => shape.RequireVector(name)),
            ("RequireScores", name => schema.RequireScores(name), name => shape.RequireScores(name)),
            ("RequireClassScores", name => schema.RequireClassScores(name), name => shape.RequireClassScores(name)),
            ("RequireKey", name => schema.RequireKey(name), name => shape.RequireKey(name)),
            ("RequireWeight", name => new HeldOutColumns("Key", "Scores", name).RequireWeight(schema),
                name => new HeldOutColumns("Key", "Scores", name).Require(shape)),
        ];
        var text = new StringBuilder();
        foreach (var (requirement, ofSchema, ofShape) in requirements)
        {
            text.Append($"{requirement}\n");
            foreach (var name in schema.Select(column => column.Name).Append("Absent").Append("Probability"))
                text.Append($"  {name}\n    data: {Answer(() => ofSchema(name))}\n    shape: {Answer(() => ofShape(name))}\n");
        }

        ApprovedText.Check("MLNet.Softmax.Tests/Approved/column-types", text.ToString());
    }

    /// <summary>If there is a column of probabilities, or no scores, nothing is said of Softmax.</summary>
    [Fact]
    public void Probability_ThatIsMissing_IsExplainedOnlyBesideAVectorOfScores()
    {
        const string Advice = "Transforms.Softmax(\"Probability\", \"Score\")";
        var scores = new MemoryView().WithScores("Score", [3], [[1, 2, 3]]);
        Refusal.Of<ArgumentOutOfRangeException>(() => scores.Schema.RequireScores("Probability"), Advice);
        foreach (var data in (MemoryView[])[
            new MemoryView().WithScores("Scores", [3], [[1, 2, 3]]), new MemoryView().With("Score", NumberDataViewType.Single, [1f])])
        {
            var error = Refusal.Of<ArgumentOutOfRangeException>(
                () => data.Schema.RequireScores("Probability"), "'Probability' is missing");
            Assert.DoesNotContain(Advice, error.Message, StringComparison.Ordinal);
        }

        Assert.NotNull(scores.WithScores("Probability", [3], [[1, 0, 0]]).Schema.RequireScores("Probability").Name);
    }

    private static string Answer(Action require)
    {
        try
        {
            require();
            return "accepted";
        }
        catch (ArgumentOutOfRangeException refusal)
        {
            return refusal.Message;
        }
    }

    private static MemoryView Columns() => new MemoryView()
        .WithScores("Scores", [3], [])
        .WithScores("Two", [2], [])
        .WithScores("OneClass", [1], [])
        .WithScores("Row", [1, 3], [])
        .WithScores("Matrix", [2, 3], [])
        .WithScores("Variable", [0], [])
        .WithKeys("Key", 3, [])
        .With("Keys", new VectorDataViewType(new KeyDataViewType(typeof(uint), 3), 3), Array.Empty<VBuffer<uint>>())
        .With("Number", NumberDataViewType.Single, Array.Empty<float>())
        .With("Double", NumberDataViewType.Double, Array.Empty<double>())
        .With("Doubles", new VectorDataViewType(NumberDataViewType.Double, 3), Array.Empty<VBuffer<double>>())
        .With("Text", TextDataViewType.Instance, Array.Empty<ReadOnlyMemory<char>>())
        .With("Texts", new VectorDataViewType(TextDataViewType.Instance), Array.Empty<VBuffer<ReadOnlyMemory<char>>>());
}
