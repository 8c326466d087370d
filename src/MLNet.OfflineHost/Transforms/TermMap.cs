using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Distinct values numbered from 1 on.</summary>
internal abstract class TermMap(PrimitiveDataViewType itemType, int count)
{
    private const byte TextKind = 0;
    private const byte CodecKind = 1;

    public PrimitiveDataViewType ItemType => itemType;

    public int Count => count;

    public KeyDataViewType OutputType { get; } = new(typeof(uint), Math.Max(count, 1));

    public static TermMap Load(ModelLoadContext ctx)
    {
        byte kind = ctx.Reader.ReadByte();
        Contracts.CheckDecode(kind is TextKind or CodecKind);
        var type = kind == TextKind ? TextDataViewType.Instance : ValueCodec.ReadType(ctx.Reader);
        Contracts.CheckDecode(type is PrimitiveDataViewType);
        int count = ctx.Reader.ReadInt32();
        if (kind == CodecKind)
            return (TermMap)GenericMethod.Call(typeof(TermMap), nameof(Read), [type.RawType], null, ctx, type, count);
        Contracts.CheckDecode(count >= 0 && count <= ctx.Strings.Length);
        return new TermMap<ReadOnlyMemory<char>>(TextDataViewType.Instance,
            [.. Enumerable.Range(0, count).Select(_ => ctx.LoadNonEmptyString().AsMemory())]);
    }

    public void Save(ModelSaveContext ctx)
    {
        if (itemType is not TextDataViewType)
        {
            ctx.Writer.Write(CodecKind);
            ValueCodec.WriteType(ctx.Writer, itemType);
            ctx.Writer.Write(count);
            WriteTerms(ctx.Writer);
            return;
        }

        ctx.Writer.Write(TextKind);
        ctx.Writer.Write(count);
        foreach (var text in Texts())
            ctx.SaveNonEmptyString(text);
    }

    /// <summary>The terms as text.</summary>
    public abstract IEnumerable<string> Texts();

    /// <summary>The terms, which are numbers or flags, in single precision.</summary>
    public abstract IEnumerable<float> Numbers();

    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, bool asText);

    public abstract Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column);

    protected abstract void WriteTerms(BinaryWriter writer);

    private static TermMap<T> Read<T>(ModelLoadContext ctx, PrimitiveDataViewType type, int count) =>
        new(type, ValueCodec.ReadValues<T>(ctx.Reader, type, count));
}

internal sealed class TermMap<T> : TermMap
{
    private readonly Dictionary<T, uint> _keys = new(Comparer);

    public TermMap(PrimitiveDataViewType itemType, T[] terms)
        : base(itemType, terms.Length)
    {
        Terms = terms;
        foreach (var term in terms)
            Contracts.CheckDecode(_keys.TryAdd(term, (uint)_keys.Count + 1), $"Duplicate item '{term}'");
    }

    public static IEqualityComparer<T> Comparer { get; } =
        typeof(T) == typeof(ReadOnlyMemory<char>) ? (IEqualityComparer<T>)(object)new TextComparer() : EqualityComparer<T>.Default;

    public static IComparer<T> Order { get; } =
        typeof(T) == typeof(ReadOnlyMemory<char>) ? (IComparer<T>)(object)new TextComparer() : Comparer<T>.Default;

    public T[] Terms { get; }

    public override IEnumerable<string> Texts() => Terms.Select(term => term switch
    {
        bool flag => flag ? "1" : "0",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => term.ToString(),
    });

    public override IEnumerable<float> Numbers() => Terms.Select(term => Convert.ToSingle(term, CultureInfo.InvariantCulture));

    public override void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, bool asText)
    {
        if (Count == 0)
            return;
        if (ItemType is KeyDataViewType && input.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is VectorDataViewType values)
        {
            GenericMethod.Call(typeof(TermMap<T>), nameof(AddValuesOfKeys), [values.ItemType.RawType], this, annotations, input, values.ItemType);
            return;
        }

        if (asText && ItemType is not TextDataViewType)
            Add<ReadOnlyMemory<char>>(annotations, TextDataViewType.Instance, () => [.. Texts().Select(text => text.AsMemory())]);
        else
            Add(annotations, ItemType, () => (T[])Terms.Clone());
    }

    public override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var getScalar = row.GetGetter<T>(column);
            T scalar = default;
            return (ValueGetter<uint>)((ref uint key) =>
            {
                getScalar(ref scalar);
                key = _keys.GetValueOrDefault(scalar);
            });
        }

        var getVector = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default;
        return (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> keys) =>
        {
            getVector(ref vector);
            var editor = VBufferEditor.Create(ref keys, vector.Length);
            editor.Values.Fill(vector.IsDense ? 0 : _keys.GetValueOrDefault(default));
            var indices = vector.GetIndices();
            foreach (var (index, value) in vector.Items().Select((item, index) => (item.Key, item.Value)))
                editor.Values[index] = _keys.GetValueOrDefault(value);
            keys = editor.Commit();
        });
    }

    protected override void WriteTerms(BinaryWriter writer) => ValueCodec.WriteValues<T>(writer, ItemType, Terms);

    private static void Add<TValue>(DataViewSchema.Annotations.Builder annotations, PrimitiveDataViewType type, Func<TValue[]> values)
    {
        var all = new Lazy<TValue[]>(values);
        annotations.Add(AnnotationUtils.Kinds.KeyValues, new VectorDataViewType(type, all.Value.Length),
            (ref VBuffer<TValue> destination) => new VBuffer<TValue>(all.Value.Length, all.Value).CopyTo(ref destination));
    }

    /// <summary>The terms are keys themselves: what they stand for is what the new keys stand for.</summary>
    private void AddValuesOfKeys<TValue>(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, PrimitiveDataViewType type) =>
        Add(annotations, type, () =>
        {
            VBuffer<TValue> values = default;
            input.GetKeyValues(ref values);
            return Array.ConvertAll(Terms, term => values.GetItemOrDefault(int.CreateChecked(Convert.ToUInt64(term, CultureInfo.InvariantCulture)) - 1));
        });

    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>, IComparer<ReadOnlyMemory<char>>
    {
        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);

        public int Compare(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.CompareTo(y.Span, StringComparison.Ordinal);
    }
}
