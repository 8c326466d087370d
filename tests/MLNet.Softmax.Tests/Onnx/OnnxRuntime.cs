using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Tests;

/// <summary>A tensor as tests/OnnxRuntime/run.mjs reads and writes it: text as a list, all else as base64 of its bytes.</summary>
internal sealed record OnnxTensor(
    [property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("dims")] int[] Dimensions, [property: JsonPropertyName("data")] JsonElement Data)
{
    public static OnnxTensor OfFloats(float[] values, params int[] dimensions) =>
        new("float32", dimensions, JsonSerializer.SerializeToElement(Convert.ToBase64String(MemoryMarshal.AsBytes(values.AsSpan()))));

    public float[] ToFloats() => Values<float>("float32");

    public uint[] ToUInt32s() => Values<uint>("uint32");

    public string[] ToTexts() => Data.Deserialize<string[]>()!;

    private T[] Values<T>(string type)
        where T : unmanaged
    {
        Assert.Equal(type, Type);
        return MemoryMarshal.Cast<byte, T>(Data.GetBytesFromBase64()).ToArray();
    }
}

/// <summary>ONNX Runtime, from the npm package that tests/OnnxRuntime installs.</summary>
internal static class OnnxRuntime
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "OnnxRuntime");

    /// <summary>Runs <paramref name="model"/> on each of <paramref name="batches"/>; skips the test where Node or the package is absent.</summary>
    public static Dictionary<string, OnnxTensor>[] Run(byte[] model, string[] outputs, IEnumerable<Dictionary<string, OnnxTensor>> batches)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules", "onnxruntime-node")),
            "ONNX Runtime is not installed: run 'npm ci --ignore-scripts' in tests/OnnxRuntime (needs Node.js).");
        using var file = new TemporaryFile(model);
        var answer = Command.Run("node", [Path.Combine(Folder, "run.mjs")], JsonSerializer.Serialize(new { model = file.Path, outputs, batches }));
        Assert.SkipWhen(answer is null, "Node.js is not installed, so that exported models cannot be run.");
        return JsonSerializer.Deserialize<Dictionary<string, OnnxTensor>[]>(answer!)!;
    }
}
