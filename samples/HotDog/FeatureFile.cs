using System.Globalization;

namespace HotDog;

/// <summary>
/// The features of 200 photographs that come with the sample: what <see cref="ImageNetwork"/> computes of them, to two decimals.
/// </summary>
internal static class FeatureFile
{
    private const int FirstFeature = 2;

    public static IReadOnlyList<Photograph> Load() =>
    [
        .. from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "resnet18-features.csv")).Skip(1)
           let fields = line.Split(',')
           select new Photograph
           {
               Image = fields[0],
               Label = fields[1],
               Features = Array.ConvertAll(fields[FirstFeature..], field => float.Parse(field, CultureInfo.InvariantCulture)),
           },
    ];
}
