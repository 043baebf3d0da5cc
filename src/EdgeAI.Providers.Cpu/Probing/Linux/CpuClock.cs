using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>Clock rates. Sources: Documentation/admin-guide/pm/cpufreq.rst and Documentation/ABI/testing/sysfs-devices-system-cpu of the Linux kernel.</summary>
internal sealed class CpuClock
{
    // Some kernels wait 10 ms for each processor that they are asked about, and busy processors of one kind run alike.
    private const int Samples = 4;

    private readonly SystemTree _tree;
    private readonly Processors _processors;
    private readonly int[] _samples;

    public CpuClock(SystemTree tree, Processors processors, IReadOnlyList<int> performance)
    {
        _tree = tree;
        _processors = processors;
        int[] fast = [.. processors.FirstOfEachCore().Where(p => performance.Count == 0 || performance.Contains(p))];
        _samples = fast.Length <= Samples ? fast : [.. Enumerable.Range(0, Samples).Select(i => fast[i * fast.Length / Samples])];
        BaseHertz = Read(p => processors.ReadNumber(p, "cpufreq/base_frequency") * 1000 ?? processors.ReadNumber(p, "acpi_cppc/nominal_freq") * 1_000_000);
        MaxHertz = Read(p => processors.ReadNumber(p, "cpufreq/cpuinfo_max_freq") * 1000);
    }

    /// <summary>What the maker promises under full load; <see langword="null"/> where unknown.</summary>
    public double? BaseHertz { get; }

    /// <summary>The highest that a core may reach alone; <see langword="null"/> where unknown.</summary>
    public double? MaxHertz { get; }

    /// <summary>The fastest of a few fast cores now; <see langword="null"/> where unknown.</summary>
    public double? ReadHertz() => Read(p => _processors.ReadNumber(p, "cpufreq/scaling_cur_freq") * 1000) ?? ReadCpuInfo();

    private double? Read(Func<int, long?> read)
    {
        var highest = _samples.Select(read).Max();
        return highest > 0 ? highest : null;
    }

    // Virtual machines without frequency control: one rate for all.
    private double? ReadCpuInfo() =>
        double.TryParse(_tree.ReadField("proc/cpuinfo", "cpu MHz"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var megahertz) && megahertz > 0 ? megahertz * 1e6 : null;
}
