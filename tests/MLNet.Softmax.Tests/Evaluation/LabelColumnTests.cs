namespace MLNet.Softmax.Tests.Evaluation;

public class LabelColumnTests
{
    private static readonly RandomRows Rows = RandomRows.Draw(1, 200, 3);
    private static readonly string[] Names = ["cat", "dog", "emu"];
    private static readonly double Expected = EvaluatedViews.Evaluate(Rows.View()).LogLoss;

    [Fact]
    public void Label_KeysOfAnyWidthWithoutNames_ArePositions()
    {
        Same(Rows.Probabilities(), new KeyDataViewType(typeof(byte), 3), label => (byte)(label + 1));
        Same(Rows.Probabilities(), new KeyDataViewType(typeof(ushort), 3), label => (ushort)(label + 1));
        Same(Rows.Probabilities(), new KeyDataViewType(typeof(uint), 3), label => (uint)(label + 1));
        Same(Rows.Probabilities(), new KeyDataViewType(typeof(ulong), 3), label => (ulong)(label + 1));
    }

    [Fact]
    public void Label_KeysMappedInAnotherOrder_AreMatchedByName()
    {
        uint[] keyOf = [3, 1, 2];
        var data = Rows.Probabilities(Labels.SlotNames(Names))
            .WithKeys("Label", 4, [.. Rows.Labels.Select(label => keyOf[label])], Labels.KeyValues("dog", "emu", "cat", "yak"));
        var metrics = EvaluatedViews.Evaluate(data);

        Assert.Equal(Expected, metrics.LogLoss, 1e-12);
        Assert.Equal(Names, metrics.ClassNames);
    }

    [Fact]
    public void Label_KeysWithNamesWhereTheClassesHaveNone_NameTheClasses()
    {
        var data = Rows.Probabilities().WithKeys("Label", 3, Rows.Keys(), Labels.KeyValues(Names));

        Assert.Equal(Names, EvaluatedViews.Evaluate(data).ClassNames);
    }

    [Fact]
    public void Label_KeyOfANameThatIsNoClass_IsUnknown()
    {
        var data = new MemoryView().WithScores("Probability", [2], [[1, 0], [1, 0], [1, 0]], Labels.SlotNames("cat", "dog"))
            .WithKeys("Label", 2, [1, 2, 0], Labels.KeyValues("yak", "cat"));
        var metrics = EvaluatedViews.Evaluate(data);

        Assert.Equal(1, metrics.RowsUsed);
        Assert.Equal(1, metrics.MicroAccuracy);
        Assert.Equal(new RowsLeftOut(1, 1, 0, 0, 0), metrics.RowsLeftOut);
    }

    [Fact]
    public void Label_KeysWithNoNameInCommonWithTheClasses_AreRefused()
    {
        var data = Rows.Probabilities(Labels.SlotNames(Names))
            .WithKeys("Label", 3, Rows.Keys(), Labels.KeyValues("0", "1", "2"));
        Refusal.Of<ArgumentOutOfRangeException>(() => EvaluatedViews.Evaluate(data), "The labels in column 'Label' ('0', '1', '2') "
            + "and the classes ('cat', 'dog', 'emu') have no name in common");
    }

    [Fact]
    public void Label_Text_IsTheNameOfTheClass()
    {
        string[] texts = ["cat", " dog", "emu"];
        Same(Rows.Probabilities(Labels.SlotNames(Names)), TextDataViewType.Instance, label => texts[label].AsMemory());
        Same(Rows.Probabilities(), TextDataViewType.Instance, label => $"{label}".AsMemory());
    }

    /// <summary>False is class 0 and True class 1 only if no class has either name.</summary>
    [Theory]
    [InlineData(null, null, 4, 3)]
    [InlineData("cat", "dog", 4, 3)]
    [InlineData("False", "True", 4, 3)]
    [InlineData("True", "False", 4, 1)]
    [InlineData("True", "maybe", 2, 1)]
    [InlineData("maybe", "False", 2, 0)]
    [InlineData("False", "maybe", 2, 2)]
    [InlineData("maybe", "True", 2, 1)]
    public void Label_Boolean_IsTheClassOfThatNameOrItsNumber(string? first, string? second, int used, int right)
    {
        var data = new MemoryView()
            .WithScores(
                "Probability", [2], [[1, 0], [1, 0], [0, 1], [1, 0]], first is null ? null : Labels.SlotNames(first, second!))
            .With("Label", BooleanDataViewType.Instance, [false, false, true, true]);
        var metrics = EvaluatedViews.Evaluate(data);

        Assert.Equal((used, (double)right / used), (metrics.RowsUsed, metrics.MicroAccuracy));
        Assert.Equal(4 - used, metrics.RowsLeftOut.UnknownLabel);
    }

    [Fact]
    public void Label_NaN_IsMissingWhetherTheClassesAreNamedOrNumbered()
    {
        foreach (var names in (string[]?[])[Names, ["10", "20", "30"], null])
        {
            var first = names is ["10", ..] ? 10f : 0f;
            var data = Rows.Probabilities(names is null ? null : Labels.SlotNames(names)).With(
                "Label", NumberDataViewType.Single, [.. Rows.Labels.Select((_, row) => row == 0 ? float.NaN : row == 1 ? 2.5f : first)]);
            Assert.Equal(new RowsLeftOut(1, 1, 0, 0, 0), EvaluatedViews.Evaluate(data).RowsLeftOut);
        }
    }

    [Fact]
    public void Label_Numbers_AreIndicesUnlessTheClassesAreNamedByNumbers()
    {
        Same(Rows.Probabilities(Labels.SlotNames(Names)), NumberDataViewType.Single, label => (float)label);
        Same(Rows.Probabilities(Labels.SlotNames(Names)), NumberDataViewType.Double, label => (double)label);
        Same(Rows.Probabilities(), NumberDataViewType.SByte, label => (sbyte)label);
        Same(Rows.Probabilities(), NumberDataViewType.Byte, label => (byte)label);
        Same(Rows.Probabilities(), NumberDataViewType.Int16, label => (short)label);
        Same(Rows.Probabilities(), NumberDataViewType.UInt16, label => (ushort)label);
        Same(Rows.Probabilities(), NumberDataViewType.Int32, label => label);
        Same(Rows.Probabilities(), NumberDataViewType.UInt32, label => (uint)label);
        Same(Rows.Probabilities(), NumberDataViewType.Int64, label => (long)label);
        Same(Rows.Probabilities(), NumberDataViewType.UInt64, label => (ulong)label);
        int[] numbers = [30, 10, 20];
        var named = Rows.Probabilities(Labels.TrainingLabelValues(NumberDataViewType.Int32, numbers));
        Same(named, NumberDataViewType.Int32, label => numbers[label]);
    }

    [Fact]
    public void Label_NumbersThatAreNoClass_AreUnknownOrMissing()
    {
        var data = new MemoryView().WithScores("Probability", [2], [[1, 0], [1, 0], [1, 0], [1, 0], [1, 0]])
            .With("Label", NumberDataViewType.Single, [0, 2, -1, 0.5f, float.NaN]);

        Assert.Equal(new RowsLeftOut(1, 3, 0, 0, 0), EvaluatedViews.Evaluate(data).RowsLeftOut);
    }

    [Fact]
    public void Label_TextWithSpaces_MeansTheClassOfExactlyThisName()
    {
        float[][] rows = [[.8f, .1f, .1f], [.1f, .8f, .1f], [.1f, .1f, .8f], [.8f, .1f, .1f]];
        var data = new MemoryView().WithScores("Probability", [3], rows, Labels.SlotNames("a", "a ", "b"));
        double Accuracy(params string[] labels) => EvaluatedViews.Evaluate(
            data.With("Label", TextDataViewType.Instance, [.. labels.Select(label => label.AsMemory())])).MicroAccuracy;

        Assert.Equal(1, Accuracy("a", "a ", "b", "a"));
        Assert.Equal(0.75, Accuracy("a ", "a ", " b", "a"));
        // ' a' may be either.
        Assert.Equal(1, EvaluatedViews.Evaluate(data.With("Label", TextDataViewType.Instance,
            [" a".AsMemory(), "a ".AsMemory(), "b".AsMemory(), "a".AsMemory()])).RowsLeftOut.UnknownLabel);
    }

    [Fact]
    public void Label_NumbersFromOne_AreTheClassesWhoseNamesEndInThem()
    {
        float[][] rows = [[.8f, .1f, .1f], [.1f, .8f, .1f], [.1f, .1f, .8f]];
        foreach (var names in new string[][] { ["P1", "P2", "P3"], ["class_1", "class_2", "class_3"], ["1", "2", "3"] })
        {
            var data = new MemoryView().WithScores("Probability", [3], rows, Labels.SlotNames(names));
            Assert.Equal(1, EvaluatedViews.Evaluate(data.With("Label", NumberDataViewType.Single, [1f, 2, 3])).MicroAccuracy);
            Assert.Equal(1, EvaluatedViews.Evaluate(data.With("Label", TextDataViewType.Instance,
                ["1".AsMemory(), "2".AsMemory(), "3".AsMemory()])).MicroAccuracy);
            var keys = data.WithKeys("Label", 3, [3, 2, 1], Labels.KeyValues("3", "2", "1"));
            Assert.Equal(1, EvaluatedViews.Evaluate(keys).MicroAccuracy);
        }
    }

    [Fact]
    public void Label_NumbersThatMayCountFromZeroOrOne_AreRefusedWithBothReadings()
    {
        float[][] rows = [[.8f, .1f, .1f], [.1f, .8f, .1f], [.1f, .1f, .8f]];
        MemoryView[] views =
        [
            new MemoryView().WithScores("Probability", [3], rows).With("Label", NumberDataViewType.Int32, [1, 2, 3]),
            new MemoryView().WithScores("Probability", [3], rows, Labels.SlotNames(Names))
                .With("Label", NumberDataViewType.Single, [1f, 2, 3]),
            new MemoryView().WithScores("Probability", [3], rows)
                .With("Label", TextDataViewType.Instance, ["1".AsMemory(), "2".AsMemory(), "3".AsMemory()]),
            new MemoryView().WithScores("Probability", [3], rows).WithKeys("Label", 3, [1, 2, 3], Labels.KeyValues("1", "2", "3")),
        ];
        foreach (var data in views)
        {
            Refusal.Of<InvalidOperationException>(() => EvaluatedViews.Evaluate(data),
                "'Label' may count the 3 classes from 0 or from 1: 3 occurs, 0 does not", "Name the classes '1' to '3'", "or '0' to '2'");
            Assert.Equal(1, EvaluatedViews.Evaluate(data, new() { ClassNames = ["1", "2", "3"] }).MicroAccuracy);
            var fromZero = EvaluatedViews.Evaluate(data, new() { ClassNames = ["0", "1", "2"] });
            Assert.Equal((0, 1), (fromZero.MicroAccuracy, fromZero.RowsLeftOut.UnknownLabel));
        }

        var calibrators = new MLContext().MulticlassClassification.Calibrators;
        Refusal.Of<InvalidOperationException>(
            () => calibrators.Temperature(scoreColumnName: "Probability", scoreKind: ScoreKind.Probabilities).Fit(views[0]),
            "from 0 or from 1");
    }

    [Fact]
    public void Label_KeysInOrderOfOccurrence_AreReadByNumberOrWithAWarning()
    {
        float[][] rows = [[.1f, .1f, .8f], [.8f, .1f, .1f], [.1f, .8f, .1f]];
        var numbers = new MemoryView().WithScores("Probability", [3], rows)
            .WithKeys("Label", 3, [1, 2, 3], Labels.KeyValues("2", "0", "1"));
        var byNumber = EvaluatedViews.Evaluate(numbers);
        Assert.Equal((1, 0), (byNumber.MicroAccuracy, byNumber.Warnings.Count));
        Assert.Equal(["0", "1", "2"], byNumber.ClassNames);

        var foods = new MemoryView().WithScores("Probability", [3], rows)
            .WithKeys("Label", 3, [1, 2, 3], Labels.KeyValues("salad", "hot dog", "pizza"));
        var assumed = EvaluatedViews.Evaluate(foods);
        Assert.Contains("'Probability' have no names", Assert.Single(assumed.Warnings), StringComparison.Ordinal);
        Assert.Contains("Note: The classes of column 'Probability' have no names", assumed.ToString(), StringComparison.Ordinal);
        Assert.All(assumed.ToString().Split('\n'), line => Assert.True(line.Length <= 100, line));
        var named = EvaluatedViews.Evaluate(foods, new() { ClassNames = ["hot dog", "pizza", "salad"] });
        Assert.Equal((1, 0), (named.MicroAccuracy, named.Warnings.Count));
        Refusal.Of<ArgumentException>(
            () => EvaluatedViews.Evaluate(foods, new() { ClassNames = ["hot dog"] }), "has 1 names", "'Probability' has 3 classes");
    }

    [Fact]
    public void RowsThatRoundingMovedFromOne_AreDividedByTheirSumAndSaid()
    {
        // Log-loss of the rows divided by .99 and .98, by hand.
        var data = new MemoryView().WithScores("Probability", [3], [[.76f, .06f, .17f], [0, .08f, .91f], [.5f, .25f, .25f]])
            .With("Label", NumberDataViewType.Single, [0f, 2, 1]);
        var metrics = EvaluatedViews.Evaluate(data);

        Assert.Equal((-Math.Log(.76 / .99) - Math.Log(.91 / .99) - Math.Log(.25)) / 3, metrics.LogLoss, 1e-7);
        Assert.Equal(2, metrics.RowsRenormalized);
        Assert.Contains(
            "did not sum to 1 (off by up to 0.01, as after rounding) and were divided by their sum: 2.", Assert.Single(metrics.Warnings),
            StringComparison.Ordinal);
        var evaluator = new MLNet.Softmax.Evaluation.ProbabilityEvaluator(["a", "b", "c"]);
        evaluator.Add(new ProbabilityBlock([.76f, .06f, .17f, 0, .08f, .91f, .5f, .25f, .25f], 3, [0, 2, 1]));
        Assert.Equal(metrics.LogLoss, evaluator.ToMetrics().LogLoss, 1e-12);
        Refusal.Of<InvalidOperationException>(() => EvaluatedViews.Evaluate(
            new MemoryView().WithScores("Probability", [2], [[90, 10]]).With("Label", NumberDataViewType.Single, [0f])),
            "row 0 looks like percentages", "scoreKind: ScoreKind.Probabilities");
    }

    private static void Same<T>(MemoryView data, PrimitiveDataViewType type, Func<int, T> labelOf)
    {
        var metrics = EvaluatedViews.Evaluate(data.With("Label", type, [.. Rows.Labels.Select(labelOf)]));
        Assert.Equal(0, metrics.RowsLeftOut.Total);
        Assert.Equal(Expected, metrics.LogLoss, 1e-12);
    }
}
