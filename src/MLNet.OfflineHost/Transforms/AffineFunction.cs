using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>(value - offset) * scale, for each slot of a column of one type.</summary>
internal abstract class AffineFunction(DataViewType type)
{
    private static readonly VersionInfo Version = VersionInfo.OfHost("AFF NORM", 0x00010003, "AffineNormExec");

    public DataViewType Type => type;

    public static AffineFunction Load(ModelLoadContext ctx, DataViewType type)
    {
        ctx.CheckAtModel(Version);
        return type.GetItemType().RawType == typeof(float) ? AffineFunction<float>.Read(ctx, type) : AffineFunction<double>.Read(ctx, type);
    }

    public void Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        Write(ctx.Writer);
    }

    public abstract Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Each slot's offset and scale, in single precision as ONNX has them.</summary>
    public abstract (float[] Offset, float[] Scale) ToSingle();

    protected abstract void Write(BinaryWriter writer);
}

internal sealed class AffineFunction<T>(DataViewType type, T[] scale, T[] offset) : AffineFunction(type)
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    public static AffineFunction<T> Read(ModelLoadContext ctx, DataViewType type)
    {
        int size = type is VectorDataViewType vector ? vector.Size : 1;
        Contracts.CheckDecode(ctx.Reader.ReadInt32() == Unsafe.SizeOf<T>());
        Contracts.CheckDecode(ctx.Reader.ReadInt32() == size);
        // A list of the slots that are changed at all follows in files from before ML.NET 1.0 only.
        Contracts.CheckDecode(ctx.Reader.ReadInt32() == -1);
        var scale = ReadArray(ctx.Reader);
        var offset = ReadArray(ctx.Reader);
        Contracts.CheckDecode(scale.Length == size && (offset.Length == size || offset.Length == 0));
        Contracts.CheckDecode(!scale.Any(T.IsNaN) && !offset.Any(T.IsNaN));
        return new AffineFunction<T>(type, scale, offset.Length == 0 ? null : offset);
    }

    public override (float[] Offset, float[] Scale) ToSingle() =>
        (Array.ConvertAll(offset ?? new T[scale.Length], float.CreateTruncating), Array.ConvertAll(scale, float.CreateTruncating));

    public override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var getScalar = row.GetGetter<T>(column);
            return (ValueGetter<T>)((ref T value) =>
            {
                getScalar(ref value);
                value = Apply(value, 0);
            });
        }

        var getVector = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> source = default;
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> result) =>
        {
            getVector(ref source);
            if (source.Length != scale.Length)
                throw new InvalidOperationException($"Normalizer expected {scale.Length} slots but got {source.Length}");
            // Where zero stays zero, what is sparse stays sparse.
            if (offset == null)
                source.CopyTo(ref result);
            else
                source.CopyToDense(ref result);
            var editor = VBufferEditor.CreateFromBuffer(ref result);
            var indices = result.GetIndices();
            for (int index = 0; index < editor.Values.Length; index++)
                editor.Values[index] = Apply(editor.Values[index], indices.IsEmpty ? index : indices[index]);
        });
    }

    protected override void Write(BinaryWriter writer)
    {
        writer.Write(Unsafe.SizeOf<T>());
        writer.Write(scale.Length);
        writer.Write(-1);
        WriteArray(writer, scale);
        WriteArray(writer, offset ?? []);
    }

    private static void WriteArray(BinaryWriter writer, T[] values)
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static T[] ReadArray(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        Contracts.CheckDecode(count >= 0 && count <= (reader.BaseStream.Length - reader.BaseStream.Position) / Unsafe.SizeOf<T>());
        var values = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private T Apply(T value, int slot) => offset == null ? value * scale[slot] : (value - offset[slot]) * scale[slot];
}
