using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.DataView;

public sealed class SchemaTests
{
    [Fact]
    public void OfColumnsOfOneName_TheLastIsVisible()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Twice", NumberDataViewType.Single);
        builder.AddColumn("Twice", TextDataViewType.Instance);
        var schema = builder.ToSchema();
        Assert.Equal([true, false], schema.Select(column => column.IsHidden));
        Assert.Equal(1, schema["Twice"].Index);
    }

    [Fact]
    public void AMissingColumn_IsNull_OrAnErrorThatNamesIt()
    {
        var schema = new DataViewSchema.Builder().ToSchema();
        Assert.Null(schema.GetColumnOrNull("Nowhere"));
        Assert.Contains("Nowhere", Assert.Throws<ArgumentOutOfRangeException>(() => schema["Nowhere"]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => schema[0]);
        Assert.Throws<ArgumentNullException>(() => schema[""]);
    }

    [Fact]
    public void Annotations_GiveWhatWasAdded_AndSelectedOnesOfOthers()
    {
        var first = new DataViewSchema.Annotations.Builder();
        first.AddPrimitiveValue("Kept", NumberDataViewType.Int32, 5);
        first.AddPrimitiveValue("Left", NumberDataViewType.Int32, 6);
        var second = new DataViewSchema.Annotations.Builder();
        second.Add(first.ToAnnotations(), kind => kind == "Kept");
        var annotations = second.ToAnnotations();
        Assert.Equal("Kept", annotations.Schema.Single().Name);
        var value = 0;
        annotations.GetValue("Kept", ref value);
        Assert.Equal(5, value);
        Assert.Throws<InvalidOperationException>(() => annotations.GetValue("Left", ref value));
        var text = default(ReadOnlyMemory<char>);
        Assert.Throws<InvalidOperationException>(() => annotations.GetValue("Kept", ref text));
    }

    [Fact]
    public void AnAnnotationOfAnotherType_IsRefused()
        => Assert.Throws<ArgumentException>(() => new DataViewSchema.Annotations.Builder().AddPrimitiveValue("Kind", NumberDataViewType.Single, 5));

    [Fact]
    public void SlotNames_AreThere_OnlyIfAsManyAsSlots()
    {
        Assert.True(Named(2).HasSlotNames());
        Assert.False(Named(3).HasSlotNames());
    }

    [Fact]
    public void Types_AreEqual_IfTheirPartsAre()
    {
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(uint), 3));
        Assert.NotEqual<DataViewType>(new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(uint), 4));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2, 3), new VectorDataViewType(NumberDataViewType.Single, 2, 3));
        Assert.NotEqual(new VectorDataViewType(NumberDataViewType.Single, 2, 3), new VectorDataViewType(NumberDataViewType.Single, 6));
        Assert.Equal(typeof(VBuffer<float>), new VectorDataViewType(NumberDataViewType.Single).RawType);
        Assert.False(new VectorDataViewType(NumberDataViewType.Single, 2, 0).IsKnownSize);
        Assert.Equal("Vector<Single, 2, *>", new VectorDataViewType(NumberDataViewType.Single, 2, 0).ToString());
    }

    [Fact]
    public void Types_OfImpossibleSizes_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(int), 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 256));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Single, -1));
        Assert.Throws<ArgumentNullException>(() => new VectorDataViewType(null!, 1));
    }

    private static DataViewSchema.Column Named(int size)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(2, new ReadOnlyMemory<char>[2]));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, size), annotations.ToAnnotations());
        return builder.ToSchema()[0];
    }
}
