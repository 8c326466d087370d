using System.Text;
using MLNet.Softmax.Tool.Tables;

namespace MLNet.Softmax.Tool.Tests;

/// <summary>What the tool makes of the names and texts in a file, and of names on the command line.</summary>
public sealed class NamesTests : IDisposable
{
    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    /// <summary>Names as they are compared, and examples of names that hold a class.</summary>
    [Fact]
    public void KnownNames()
    {
        var text = new StringBuilder();
        void Add(string title, params IEnumerable<string> names) => text.AppendLine($"{title}: {string.Join(" | ", names)}");
        Add("labels", ColumnNames.LabelNames);
        Add("row ids", ColumnNames.RowIdNames);
        Add("ignored", ColumnNames.IgnoredNames);
        Add("single scores", ColumnNames.SingleNames);
        Add("single predictions", ColumnNames.PredictionNames);
        ApprovedText.Check("MLNet.Softmax.Tool.Tests/Approved/column-names", text.ToString());
    }

    [Theory]
    [InlineData("  Y_True ", "y_true")]
    [InlineData("True Label", "true_label")]
    [InlineData("y-pred", "y_pred")]
    [InlineData(".pred.class", "_pred_class")]
    [InlineData("a \t-. b", "a_b")]
    public void Normalize_IgnoresCaseAndSeparators(string name, string expected) => Assert.Equal(expected, ColumnNames.Normalize(name));

    [Theory]
    [InlineData("Scored Probabilities for Class \"a b\"", "Scored Probabilities for Class", "a b")]
    [InlineData("p(cat)", "p", "cat")]
    [InlineData("Prob [cat]", "Prob", "cat")]
    [InlineData("proba(cat)", "proba", "cat")]
    [InlineData("probability(cat)", "probability", "cat")]
    [InlineData("score[cat]", "score", "cat")]
    [InlineData("logit (cat)", "logit", "cat")]
    [InlineData("prob_cat", "prob", "cat")]
    [InlineData("probs_cat", "probs", "cat")]
    [InlineData("score.cat", "score", "cat")]
    [InlineData("Scores:cat", "Scores", "cat")]
    [InlineData("logit-cat", "logit", "cat")]
    [InlineData("logits cat", "logits", "cat")]
    [InlineData("proba_cat", "proba", "cat")]
    [InlineData("probability_cat", "probability", "cat")]
    [InlineData("probabilities_cat", "probabilities", "cat")]
    [InlineData("y_prob_cat", "y_prob", "cat")]
    [InlineData("y_proba_cat", "y_proba", "cat")]
    [InlineData("y_score_cat", "y_score", "cat")]
    [InlineData("pred_prob_cat", "pred_prob", "cat")]
    [InlineData("pred_proba_cat", "pred_proba", "cat")]
    [InlineData("softmax_cat", "softmax", "cat")]
    [InlineData(".pred_cat", ".pred", "cat")]
    [InlineData("P12", "P", "12")]
    [InlineData("prob3", "prob", "3")]
    [InlineData("proba3", "proba", "3")]
    [InlineData("probability3", "probability", "3")]
    [InlineData("score3", "score", "3")]
    [InlineData("logit3", "logit", "3")]
    [InlineData("z3", "z", "3")]
    [InlineData("cat", null, "")]
    [InlineData("p", null, "")]
    [InlineData("prob_", null, "")]
    [InlineData("p3a", null, "")]
    [InlineData("my prob_cat", null, "")]
    [InlineData("pred_cat", null, "")]
    [InlineData("p(a)b", null, "")]
    public void ScorePattern_FindsTheClass(string name, string? kind, string expected)
    {
        var match = ColumnNames.ScorePattern().Match(name);
        Assert.Equal(kind is not null, match.Success);
        Assert.Equal((kind ?? "", expected), (match.Groups["kind"].Value, match.Groups["class"].Value));
    }

    [Theory]
    [InlineData("#1 Score", true)]
    [InlineData("#12 Class", true)]
    [InlineData("SortedScores.#1 Score", true)]
    [InlineData("SortedClasses.#3 Class", true)]
    [InlineData("#1 Rank", false)]
    [InlineData("1 Score", false)]
    [InlineData("Other.#1 Score", false)]
    [InlineData("#1 Score of", false)]
    public void RankPattern_FindsColumnsInTheOrderOfTheirSize(string name, bool isRank) =>
        Assert.Equal(isRank, ColumnNames.RankPattern().IsMatch(name));

    [Fact]
    public void MissingValues_InAnyCase()
    {
        string[] missing = ["", "na", "NA", "n/a", "#N/A", "<NA>", "nan", "NaN", "none", "None", "null", "NULL", "?"];
        Assert.All(missing, text => Assert.True(MissingValue.Is(text), text));
        Assert.All((string[])[" ", "0", "-", "n", "inf", "??"], text => Assert.False(MissingValue.Is(text), text));
    }

    [Fact]
    public void Shorten_ShowsUpToEightNames()
    {
        string[] names = [.. Enumerable.Range(1, 9).Select(index => $"n{index}")];
        Assert.Equal("n1, n2, n3, n4, n5, n6, n7, n8", ScoreLayout.Shorten(names[..8]));
        Assert.Equal("n1, n2, n3, n4, n5, n6, ... n9", ScoreLayout.Shorten(names));
        Assert.Equal("", ScoreLayout.Shorten([]));
    }

    [Fact]
    public void NameList_ReadsNamesAsInACsvFile()
    {
        Assert.Null(NameList.Read(null));
        Assert.Empty(NameList.Read("")!);
        Assert.Equal(["a", "b c", "d,e", "f\"g"], NameList.Read("a, b c ,\"d,e\",\"f\"\"g\"")!);
    }

    [Fact]
    public void LabelFinder_FindsClassesByNameNumberOrIndex()
    {
        // In any case, unless two names differ in nothing else.
        Finds(["cat", "Dog"], ["cat", "Dog"], ("cat", 0), ("CAT", 0), ("dog", 1), ("0", 0), ("1", 1), ("1.0", 1), ("cow", -1), ("-1", -1));
        Finds(["cat", "Cat"], ["cat", "Cat"], ("cat", 0), ("Cat", 1), ("CAT", -1));
        // Numbers at the end of columns, if the classes are no numbers themselves; then there are no other indices.
        Finds(["cat", "dog"], ["p1", "p2"], ("cat", 0), ("p2", 1), ("1", 0), ("2", 1), ("0", -1));
        Finds(["7", "3"], ["p0", "p1"], ("7", 0), ("3", 1), ("p0", 0), ("0", -1), ("1", -1), ("3.0", 1));
        // One number among them, and labels are no indices.
        Finds(["cat", "7"], ["cat", "7"], ("cat", 0), ("7", 1), ("0", -1), ("1", -1));
        // Two classes 0 and 1 may be false and true; no others.
        Finds(["0", "1"], ["P0", "P1"], ("false", 0), ("True", 1), ("False", 0), ("true", 1), ("TRUE", 1), ("1.0", 1), ("2", -1));
        Finds(["1", "0"], ["1", "0"], ("false", -1), ("1", 0));
        Finds(["0", "1", "2"], ["0", "1", "2"], ("false", -1), ("true", -1));

        static void Finds(string[] classNames, string[] columns, params (string Label, int Index)[] expected)
        {
            var finder = new LabelFinder(classNames, columns);
            Assert.Equal(expected.Select(one => one.Index), expected.Select(one => finder.Find(one.Label)));
            Assert.Null(finder.Refusal);
        }
    }

    /// <summary>A label equal to the number of classes: the labels count from 1, or one is wrong.</summary>
    [Fact]
    public void LabelFinder_OfALabelBeyondTheIndices_SaysWhatTheyMayBe()
    {
        var finder = new LabelFinder(["cat", "dog"], ["cat", "dog"]);
        Assert.Equal(1, finder.Find("1"));
        Assert.Null(finder.Refusal);
        Assert.Equal(1, finder.Find("2"));
        Assert.Equal(-1, finder.Find("3"));
        Assert.Equal("the labels may count from 0 or from 1: 2 occurs and 0 does not. Say --class-names 1,2,... to 2, or --class-names "
            + "0,1,... to 1", finder.Refusal);
        Assert.Equal(0, finder.Find("0.0"));
        Assert.Equal("'2' is none of the classes 0 to 1", finder.Refusal);
    }

    [Fact]
    public void NamesOf_Columns_AreTheNumbersAtTheirEndsIfTheyDifferInNothingElse()
    {
        Same(["p1", "p2"], ["1", "2"], true);
        Same(["1", "2"], ["1", "2"], true);
        Same(["p", "p1"], ["p", "p1"], false);
        Same(["p1", "q2"], ["p1", "q2"], false);

        static void Same(string[] columns, string[] expected, bool areNumbered)
        {
            var (names, found) = LabelFinder.NamesOf(columns);
            Assert.Equal(expected, names);
            Assert.Equal(areNumbered, found);
        }
    }

    [Theory]
    [InlineData("[1, 2]", true, 1f, 2f)]
    [InlineData("(1 2\t3\r\n4)", true, 1f, 2f, 3f, 4f)]
    [InlineData("[1e-1,,-2.5]", true, 0.1f, -2.5f)]
    [InlineData("[]", true)]
    [InlineData("[1)", false)]
    [InlineData("1, 2", false)]
    [InlineData("[", false)]
    [InlineData("[1, x]", false, 0f, 0f)]
    [InlineData("[1]", false, 0f, 0f)]
    [InlineData("[1, 2, 3]", false, 0f, 0f)]
    public void NumberList_AsPythonWritesIt(string text, bool isList, params float[] expected)
    {
        var values = new float[expected.Length];
        Assert.Equal(isList, NumberList.TryRead(text, values));
        if (!isList)
            return;
        Assert.Equal(expected, values);
        Assert.Equal(expected.Length, NumberList.Count(text));
    }

    /// <summary>What the first rows of a column hold: numbers as people write them, fractions, and rows of finite scores.</summary>
    [Theory]
    [InlineData("", true, false, 0)]
    [InlineData("0.5 1", true, true, 2)]
    [InlineData("0 1", true, false, 2)]
    [InlineData("0,5 0,25", true, true, 2)]
    [InlineData("50% 2.5%", true, false, 2)]
    [InlineData("0.5 NA", true, false, 1)]
    [InlineData("0.5 inf -Inf +INF", true, false, 1)]
    [InlineData("1e-3 -2", true, false, 2)]
    [InlineData("0.5 1.5", true, false, 2)]
    [InlineData("0.5 cat", false, false, 1)]
    [InlineData("0.5 | 0.25", true, true, 2)]
    public void SampledRows_SayWhatAColumnHolds(string values, bool areNumbers, bool areFractions, int finite)
    {
        // A bar stands for a missing value; a row without the column counts as none.
        string[][] rows = [.. values.Split(' ').Select(value => (string[])["x", value.Replace("|", "", StringComparison.Ordinal)]), ["x"]];
        var sample = new SampledRows(rows);
        Assert.Equal((areNumbers, areFractions, finite),
            (sample.AreNumbers(1), sample.AreFractions(1), sample.FiniteScores([1]).Count()));
        Assert.Equal(rows[..^1].Select(row => row[1]), sample.Values(1));
    }

    [Fact]
    public void FiniteScores_AreThoseOfTheColumns()
    {
        var sample = new SampledRows([["0,5", "x", "25%"], ["1", "x", "nan"], ["2", "x"], ["3", "x", "4"]]);
        Assert.Equal([[25f, 0.5f], [4f, 3f]], sample.FiniteScores([2, 0]));
    }

    [Fact]
    public void FileNames_AreThoseOfFoldersAndPatternsInOrder()
    {
        foreach (var name in (string[])["b.csv", "a.TSV", "c.txt", "d.parquet", "e.csv.gz", "f.json", "g.state"])
            _tool.Write(name, "x");
        string Path(string name) => System.IO.Path.Combine(_tool.Folder, name);
        Assert.Equal(((string[])["a.TSV", "b.csv", "c.txt", "d.parquet", "e.csv.gz"]).Select(Path), FileNames.Expand([_tool.Folder]));
        Assert.Equal([Path("g.state")], FileNames.Expand([_tool.Folder], ".state"));
        Assert.Equal(((string[])["b.csv", "e.csv.gz", "b.csv"]).Select(Path), FileNames.Expand([Path("*.csv*"), Path("b.csv")]));
        Assert.Equal(((string[])["b.csv", "a.TSV"]).Select(Path), FileNames.Expand([Path("b.csv"), Path("a.TSV")]));
        Assert.Equal([Path("c.txt")], FileNames.Expand([Path("?.txt")]));
        Assert.Equal(["-"], FileNames.Expand(["-"]));
        Assert.All((string[])["x.csv", "x*.csv", "none/*.csv"], name => Assert.Equal(
            $"There is no file {Path(name)}.", Assert.Throws<FormatException>(() => FileNames.Expand([Path(name)])).Message));
        // Beside the program, if a pattern names no folder.
        Assert.Equal("There is no file none*.csv.", Assert.Throws<FormatException>(() => FileNames.Expand(["none*.csv"])).Message);
        Assert.Contains("MLNet.Softmax.Tool.dll", FileNames.Expand(["*.dll"]).Select(System.IO.Path.GetFileName));
    }

    [Theory]
    [InlineData(2, 4096)]
    [InlineData(256, 4096)]
    [InlineData(257, 4080)]
    [InlineData(1 << 20, 1)]
    [InlineData(1 << 21, 1)]
    public void ScoreBlock_OfManyClasses_HasFewerRows(int classCount, int expected)
    {
        var block = new ScoreBlock(classCount);
        while (!block.IsFull)
            block.Add(0, -1, 1, 0, null);
        Assert.Equal(expected, block.Count);
    }
}
