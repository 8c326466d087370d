using System.Globalization;
using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax;

/// <summary>Numbers as labels: the class named by the number where all classes are named by numbers, else the 0-based index.</summary>
internal static class NumberLabels
{
    public static Func<double, int> Classes(string[] classNames)
    {
        var byValue = new Dictionary<double, int>();
        for (var index = 0; index < classNames.Length; index++)
        {
            if (!double.TryParse(classNames[index], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !byValue.TryAdd(value, index))
                return value => ByIndex(value, classNames.Length);
        }

        return value => double.IsNaN(value) ? LabelColumn.Missing : byValue.GetValueOrDefault(value, LabelColumn.Unknown);
    }

    private static int ByIndex(double value, int classCount) =>
        double.IsNaN(value) ? LabelColumn.Missing
        : value >= 0 && value < classCount && Math.Floor(value) == value ? (int)value
        : LabelColumn.Unknown;
}
