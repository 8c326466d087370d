namespace MLNet.Softmax.Tests.Evaluation;

/// <summary>Which class a label names: -1 for a missing label, -2 for one that is no class.</summary>
public class ClassLookupTests
{
    [Theory]
    [InlineData("cat,dog", true, "cat", 0)]
    [InlineData("cat,dog", true, " dog\t", 1)]
    [InlineData("cat,dog", true, "Dog", -2)]
    [InlineData("cat,dog", true, "1", -2)]
    [InlineData("cat,dog", true, "", -1)]
    [InlineData("cat,dog", true, "  ", -1)]
    [InlineData("cat,cat", true, "cat", -2)]
    [InlineData("cat,cat ", true, "cat", 0)]
    [InlineData("cat,cat ", true, "cat ", 1)]
    [InlineData("cat,cat ", true, " cat", -2)]
    [InlineData("cat,,emu", true, "", 1)]
    [InlineData("P1,P2", true, "2", 1)]
    [InlineData("P1,P2", true, " 2.0 ", 1)]
    [InlineData("P1,P2", true, "0", -2)]
    [InlineData("P1,P2", true, "P2", 1)]
    [InlineData("P1,Q2", true, "2", -2)]
    [InlineData("0,1", false, "1", 1)]
    [InlineData("0,1", false, "1.0", -2)]
    [InlineData("1.5,2.5", true, "2.50", 1)]
    public void Find_Text_IsTheClassOfThatNameOrNumber(string names, bool areNamed, string label, int expected) =>
        Assert.Equal(expected, new ClassLookup(names.Split(','), areNamed).Find(label));

    [Theory]
    [InlineData("cat,dog", true, 1, 1)]
    [InlineData("cat,dog", true, 2, -2)]
    [InlineData("cat,dog", true, -1, -2)]
    [InlineData("cat,dog", true, 0.5, -2)]
    [InlineData("cat,dog", true, double.NaN, -1)]
    [InlineData("P1,P2", true, 2, 1)]
    [InlineData("P1,P2", true, 0, -2)]
    [InlineData("P1,P2", true, double.NaN, -1)]
    [InlineData("P1,Q2", true, 1, 1)]
    [InlineData("P1,Q", true, 0, 0)]
    [InlineData("P1,", true, 0, 0)]
    [InlineData("P1,P2.5", true, 0, 0)]
    [InlineData("P1,P-2", true, 0, 0)]
    [InlineData("P1,P01", true, 0, 0)]
    [InlineData("P7,P07x", true, 7, -2)]
    [InlineData("10,2,30", true, 2, 1)]
    [InlineData("-1,1e3", true, 1000, 1)]
    [InlineData("0,1", false, 1, 1)]
    [InlineData("5,6", false, 1, 1)]
    [InlineData("5,6", false, 6, -2)]
    public void Find_Number_IsTheClassWhoseNameEndsInItElseThePosition(string names, bool areNamed, double label, int expected)
    {
        var lookup = new ClassLookup(names.Split(','), areNamed);
        Assert.Equal(expected, lookup.Find(label));
    }

    [Theory]
    [InlineData("P1,P2", true, false)]
    [InlineData("1,2", true, false)]
    [InlineData("1,2", false, true)]
    [InlineData("P1,Q2", true, true)]
    [InlineData("P1,P1", true, true)]
    public void IsByPosition_UnlessTheNamesAreNumbered(string names, bool areNamed, bool expected) =>
        Assert.Equal(expected, new ClassLookup(names.Split(','), areNamed).IsByPosition);

    /// <summary>Names that occur twice are matched by position if the keys have the same names.</summary>
    [Fact]
    public void Keys_OfTheSameNamesInTheSameOrder_ArePositions()
    {
        var data = new MemoryView().WithScores("Probability", [3], [[.8f, .1f, .1f], [.1f, .8f, .1f]], Labels.SlotNames("a", "a", "b"))
            .WithKeys("Label", 3, [1, 2], Labels.KeyValues("a", "a", "b"));
        Assert.Equal((2, 1), (EvaluatedViews.Evaluate(data).RowsUsed, EvaluatedViews.Evaluate(data).MicroAccuracy));
    }
}
