using System.ComponentModel;

namespace EdgeAI.Samples.Chat;

/// <summary>What the model may ask: the methods' names, descriptions and parameters are all that it knows of them.</summary>
internal sealed class Greenhouse
{
    private readonly Dictionary<string, double> _temperatures = new(StringComparer.OrdinalIgnoreCase) { ["tomatoes"] = 24.5, ["orchids"] = 19, ["cacti"] = 31 };

    [Description("Reads the temperature, in degrees Celsius, beside a kind of plant.")]
    public string ReadTemperature([Description("tomatoes, orchids or cacti")] string plant) => _temperatures.TryGetValue(plant, out var temperature)
        ? FormattableString.Invariant($"{temperature} °C")
        : $"There are no {plant} here, only {string.Join(", ", _temperatures.Keys)}.";
}
