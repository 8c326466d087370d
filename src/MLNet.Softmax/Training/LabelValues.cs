using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax.Training;

/// <summary>The original label of each class, in the order of the label's keys: text, numbers or booleans.</summary>
internal abstract class LabelValues
{
    private const string KeyValuesKind = "KeyValues";

    /// <summary>In the order of their codes in model files, which never change.</summary>
    private static readonly (PrimitiveDataViewType Type, Func<PrimitiveDataViewType, string[], LabelValues> Parse)[] Supported =
    [
        (TextDataViewType.Instance, (type, texts) => new Of<ReadOnlyMemory<char>>(type, Array.ConvertAll(texts, text => text.AsMemory()))),
        (BooleanDataViewType.Instance, Parsed<bool>),
        (NumberDataViewType.SByte, Parsed<sbyte>),
        (NumberDataViewType.Byte, Parsed<byte>),
        (NumberDataViewType.Int16, Parsed<short>),
        (NumberDataViewType.UInt16, Parsed<ushort>),
        (NumberDataViewType.Int32, Parsed<int>),
        (NumberDataViewType.UInt32, Parsed<uint>),
        (NumberDataViewType.Int64, Parsed<long>),
        (NumberDataViewType.UInt64, Parsed<ulong>),
        (NumberDataViewType.Single, Parsed<float>),
        (NumberDataViewType.Double, Parsed<double>),
    ];

    public abstract IReadOnlyList<string> Texts { get; }

    public abstract bool AreText { get; }

    protected abstract PrimitiveDataViewType ItemType { get; }

    /// <summary>The values of the key column <paramref name="label"/>; null when it has none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are neither text nor numbers nor booleans.</exception>
    public static LabelValues? Read(DataViewSchema.Column label)
    {
        if (label.Annotations.Schema.GetColumnOrNull(KeyValuesKind)?.Type is not VectorDataViewType { IsKnownSize: true } type)
            return null;
        foreach (var (itemType, _) in Supported)
        {
            if (type.ItemType == itemType)
                return ReadAs(label, itemType);
        }

        throw SchemaChecks.Refused(
            $"Column '{label.Name}' has labels of the type {type.ItemType}; text, numbers or booleans are expected.");
    }

    public static LabelValues Load(ModelReader reader)
    {
        var code = reader.ReadInt32();
        reader.Check(code >= 0 && code < Supported.Length, $"{code} where the code of a label type is expected");
        var (type, parse) = Supported[code];
        var texts = reader.ReadStrings();
        try
        {
            return parse(type, texts);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw reader.Damaged($"a label that is no {type}");
        }
    }

    public void Save(ModelWriter writer)
    {
        writer.Write(Array.FindIndex(Supported, entry => entry.Type == ItemType));
        writer.Write(Texts);
    }

    /// <summary>Adds the values as the annotation <paramref name="kind"/>.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder annotations, string kind);

    private static Of<T> Parsed<T>(PrimitiveDataViewType type, string[] texts)
        where T : IParsable<T> => new Of<T>(type, Array.ConvertAll(texts, text => T.Parse(text, CultureInfo.InvariantCulture)));

    private static LabelValues ReadAs(DataViewSchema.Column label, PrimitiveDataViewType itemType)
    {
        var read = (Func<DataViewSchema.Column, PrimitiveDataViewType, LabelValues>)ReadAs<int>;
        return (LabelValues)read.Method.GetGenericMethodDefinition().MakeGenericMethod(itemType.RawType).Invoke(null, [label, itemType])!;
    }

    private static Of<T> ReadAs<T>(DataViewSchema.Column label, PrimitiveDataViewType itemType)
    {
        VBuffer<T> values = default;
        label.Annotations.GetValue(KeyValuesKind, ref values);
        return new Of<T>(itemType, [.. values.DenseValues()]);
    }

    private sealed class Of<T>(PrimitiveDataViewType itemType, T[] values) : LabelValues
    {
        public override IReadOnlyList<string> Texts { get; } =
            Array.ConvertAll(values, value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");

        public override bool AreText => itemType is TextDataViewType;

        protected override PrimitiveDataViewType ItemType => itemType;

        public override void AddTo(DataViewSchema.Annotations.Builder annotations, string kind) =>
            annotations.Add(kind, new VectorDataViewType(itemType, values.Length), (ref VBuffer<T> destination) =>
            {
                var editor = VBufferEditor.Create(ref destination, values.Length);
                values.CopyTo(editor.Values);
                destination = editor.Commit();
            });
    }
}
