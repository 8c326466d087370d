using Microsoft.ML.Data;

namespace HotDog;

/// <summary>A photograph as the network sees it: a label and its features.</summary>
internal sealed class Photograph
{
    public const string HotDog = "hotdog";
    public const string NotHotDog = "not_hotdog";

    public string Image { get; set; } = "";

    public string Label { get; set; } = "";

    public float[] Features { get; set; } = [];

    [NoColumn]
    public string Name => $"{Label}/{Image}";

    /// <summary>The columns of this class for photographs of <paramref name="featureCount"/> features, which only the file knows.</summary>
    public static SchemaDefinition Schema(int featureCount)
    {
        var schema = SchemaDefinition.Create(typeof(Photograph));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, featureCount);
        return schema;
    }
}
