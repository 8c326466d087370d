using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>(value - offset) * scale, for each slot of a column.</summary>
internal sealed class AffineFunction(float[] scale, float[] offset)
{
    private static readonly VersionInfo Version = VersionInfo.OfHost("AFF NORM", 0x00010003, "AffineNormExec");

    public float[] Scale => scale;

    public float[] Offset => offset;

    public static AffineFunction Load(ModelLoadContext ctx, int slotCount)
    {
        ctx.CheckAtModel(Version);
        Contracts.CheckDecode(ctx.Reader.ReadInt32() == sizeof(float));
        Contracts.CheckDecode(ctx.Reader.ReadInt32() == slotCount);
        // A list of the slots that are changed at all follows in files from before ML.NET 1.0 only.
        Contracts.CheckDecode(ctx.Reader.ReadInt32() == -1);
        var scale = ReadArray(ctx.Reader);
        var offset = ReadArray(ctx.Reader);
        Contracts.CheckDecode(scale.Length == slotCount && (offset.Length == slotCount || offset.Length == 0));
        Contracts.CheckDecode(!scale.Any(float.IsNaN) && !offset.Any(float.IsNaN));
        return new AffineFunction(scale, offset.Length == 0 ? new float[slotCount] : offset);
    }

    public void Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(sizeof(float));
        ctx.Writer.Write(scale.Length);
        ctx.Writer.Write(-1);
        WriteArray(ctx.Writer, scale);
        WriteArray(ctx.Writer, offset.All(value => value == 0) ? [] : offset);
    }

    public Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var getScalar = row.GetGetter<float>(column);
            return (ValueGetter<float>)((ref float value) =>
            {
                getScalar(ref value);
                value = (value - offset[0]) * scale[0];
            });
        }

        var getVector = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> source = default;
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> result) =>
        {
            getVector(ref source);
            if (source.Length != scale.Length)
                throw new InvalidOperationException($"Normalizer expected {scale.Length} slots but got {source.Length}");
            source.CopyToDense(ref result);
            var values = VBufferEditor.CreateFromBuffer(ref result).Values;
            for (int slot = 0; slot < values.Length; slot++)
                values[slot] = (values[slot] - offset[slot]) * scale[slot];
        });
    }

    private static void WriteArray(BinaryWriter writer, float[] values)
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static float[] ReadArray(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        Contracts.CheckDecode(count >= 0 && count <= (reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(float));
        var values = new float[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
