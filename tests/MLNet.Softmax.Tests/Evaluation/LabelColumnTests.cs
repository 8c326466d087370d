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
            + "and the classes of column 'Probability' ('cat', 'dog', 'emu') have no name in common");
    }

    [Fact]
    public void Label_Text_IsTheNameOfTheClass()
    {
        string[] texts = ["cat", " dog", "emu"];
        Same(Rows.Probabilities(Labels.SlotNames(Names)), TextDataViewType.Instance, label => texts[label].AsMemory());
        Same(Rows.Probabilities(), TextDataViewType.Instance, label => $"{label}".AsMemory());
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
    public void Label_Booleans_AreTheTwoClasses()
    {
        var data = new MemoryView().WithScores("Probability", [2], [[1, 0], [0, 1], [0, 1]])
            .With("Label", BooleanDataViewType.Instance, [false, true, false]);
        var turned = new MemoryView().WithScores("Probability", [2], [[1, 0]], Labels.SlotNames("True", "False"))
            .With("Label", BooleanDataViewType.Instance, [true]);

        Assert.Equal(2.0 / 3, EvaluatedViews.Evaluate(data).MicroAccuracy, 1e-12);
        Assert.Equal(1, EvaluatedViews.Evaluate(turned).MicroAccuracy);
    }

    private static void Same<T>(MemoryView data, PrimitiveDataViewType type, Func<int, T> labelOf)
    {
        var metrics = EvaluatedViews.Evaluate(data.With("Label", type, [.. Rows.Labels.Select(labelOf)]));
        Assert.Equal(0, metrics.RowsLeftOut.Total);
        Assert.Equal(Expected, metrics.LogLoss, 1e-12);
    }
}
