using System.Globalization;

namespace EdgeAI.Evaluation;

/// <summary>What a profile holds for. A different value in any part makes it another one.</summary>
/// <param name="Device">The device and what may be used of it.</param>
/// <param name="Versions">The versions of the engine, of the device's runtime and drivers.</param>
internal sealed record ProfileKey(string Device, string Versions)
{
    public static ProfileKey Of(DeviceInfo device)
    {
        var facts = string.Create(CultureInfo.InvariantCulture, $"{device.Id} | {device.Name} | {device.Parallelism} | {string.Join(' ', device.Features)}");
        return new ProfileKey(facts, $"engine {typeof(ProfileKey).Assembly.GetName().Version} | {device.Versions}");
    }
}
