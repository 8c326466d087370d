using MLNet.Softmax.Persistence;

namespace MLNet.Softmax;

/// <summary>A temperature is finite and positive.</summary>
internal static class TemperatureCheck
{
    public static float ThrowIfInvalid(float temperature) => IsValid(temperature)
        ? temperature
        : throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be finite and greater than 0; 1 leaves the scores as they are.");

    public static float ReadTemperature(this ModelReader reader)
    {
        var temperature = reader.ReadSingle();
        reader.Check(IsValid(temperature), $"the temperature {temperature}");
        return temperature;
    }

    private static bool IsValid(float temperature) => float.IsFinite(temperature) && temperature > 0;
}
