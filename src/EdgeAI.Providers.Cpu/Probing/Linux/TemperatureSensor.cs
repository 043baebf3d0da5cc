namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>
/// The CPU's own temperature: its driver below <c>/sys/class/hwmon</c>, or else its thermal zone. Sources: Documentation/hwmon and
/// Documentation/ABI/testing/sysfs-class-thermal of the Linux kernel.
/// </summary>
internal sealed class TemperatureSensor
{
    private const string Monitors = "sys/class/hwmon";
    private const string Zones = "sys/class/thermal";

    // By the drivers' names, the best first: Intel, AMD, AMD by the driver outside the kernel, Arm boards.
    private static readonly string[] _drivers = ["coretemp", "k10temp", "zenpower", "cpu_thermal", "soc_thermal"];

    // Where a driver labels its inputs, those for the whole package: AMD's Tctl may be shifted for the fans' sake, Tdie is not.
    private static readonly string[] _packageLabels = ["Package id", "Tdie", "Tctl"];

    private readonly SystemTree _tree;
    private readonly string[] _inputs;

    private TemperatureSensor(SystemTree tree, string name, string[] inputs, double? limit)
    {
        _tree = tree;
        Name = name;
        _inputs = inputs;
        LimitCelsius = limit;
    }

    /// <summary>The driver or zone.</summary>
    public string Name { get; }

    /// <summary>Where it is read.</summary>
    public string Source => string.Join(", ", _inputs.Select(input => $"/{input}"));

    /// <summary>From where on the CPU slows down; <see langword="null"/> where unknown.</summary>
    public double? LimitCelsius { get; }

    /// <summary>The hottest of its inputs now; <see langword="null"/> where none can be read.</summary>
    public double? ReadCelsius() => _inputs.Select(input => ToCelsius(_tree.ReadNumber(input))).Max();

    /// <summary><see langword="null"/> where there is none: most virtual machines.</summary>
    public static TemperatureSensor? Find(SystemTree tree) => FindMonitor(tree) ?? FindZone(tree);

    private static TemperatureSensor? FindMonitor(SystemTree tree)
    {
        // Attributes lie in the monitor's folder, with older kernels in its device's.
        var folders = tree.ReadNumbered(Monitors, "hwmon").SelectMany(n => (string[])[$"{Monitors}/hwmon{n}", $"{Monitors}/hwmon{n}/device"])
            .Select(folder => (Folder: folder, Driver: tree.ReadText($"{folder}/name")))
            .ToArray();
        foreach (var driver in _drivers)
        {
            string[] inputs = [.. folders.Where(f => f.Driver == driver).SelectMany(f => FindInputs(tree, f.Folder))];
            if (inputs.Length == 0) continue;
            var limits = inputs.Select(input => input[..^"input".Length]).Select(stem => ToCelsius(tree.ReadNumber(stem + "crit")) ?? ToCelsius(tree.ReadNumber(stem + "max")));
            return new(tree, driver, inputs, limits.Min());
        }

        return null;
    }

    private static string[] FindInputs(SystemTree tree, string folder)
    {
        var inputs = Enumerable.Range(1, 128).Select(n => (Path: $"{folder}/temp{n}_input", Label: tree.ReadText($"{folder}/temp{n}_label")))
            .Where(input => input.Label is not null || tree.HasFile(input.Path))
            .ToArray();
        foreach (var label in _packageLabels)
        {
            string[] labelled = [.. inputs.Where(input => input.Label?.StartsWith(label, StringComparison.Ordinal) == true).Select(input => input.Path)];
            if (labelled.Length > 0) return labelled;
        }

        return [.. inputs.Select(input => input.Path)];
    }

    // Firmware zones ("acpitz") often mean the case and are left out.
    private static TemperatureSensor? FindZone(SystemTree tree)
    {
        var zones = tree.ReadNumbered(Zones, "thermal_zone").Select(n => $"{Zones}/thermal_zone{n}").Select(zone => (Folder: zone, Type: tree.ReadText($"{zone}/type") ?? "")).ToArray();
        foreach (var prefix in (string[])["x86_pkg_temp", "cpu", "soc"])
        {
            var fitting = zones.Where(zone => zone.Type.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToArray();
            if (fitting.Length > 0) return new(tree, fitting[0].Type, [.. fitting.Select(zone => $"{zone.Folder}/temp")], fitting.Select(zone => ReadTrip(tree, zone.Folder)).Min());
        }

        return null;
    }

    // At a passive trip point the kernel slows the CPU down, at a critical one it shuts the machine down.
    private static double? ReadTrip(SystemTree tree, string zone)
    {
        var trips = Enumerable.Range(0, 12).Select(n => (Type: tree.ReadText($"{zone}/trip_point_{n}_type"), Celsius: ToCelsius(tree.ReadNumber($"{zone}/trip_point_{n}_temp"))))
            .Where(trip => trip.Celsius > 0)
            .ToArray();
        return trips.Where(trip => trip.Type == "passive").Select(trip => trip.Celsius).Min() ?? trips.Where(trip => trip.Type is "hot" or "critical").Select(trip => trip.Celsius).Min();
    }

    // Thousandths; sensors that are asleep or broken answer with impossible values.
    private static double? ToCelsius(long? thousandths) => thousandths is > -50_000 and < 200_000 ? thousandths / 1000.0 : null;
}
