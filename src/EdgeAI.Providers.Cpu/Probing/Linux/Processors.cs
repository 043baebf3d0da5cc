using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>Hardware threads: which are online, which this process may use, and which core and package each belongs to.</summary>
internal sealed class Processors
{
    public const string Folder = "sys/devices/system/cpu";

    private readonly SystemTree _tree;
    private readonly Dictionary<int, int> _cores = [];

    public Processors(SystemTree tree, IndexSet? allowedByCpuset)
    {
        _tree = tree;
        Online = tree.ReadSet($"{Folder}/online") ?? ReadPresent();
        // The affinity mask; recorded trees have none.
        Affinity = tree.ReadField("proc/self/status", "Cpus_allowed_list") is { } list ? IndexSet.TryParse(list) : null;
        Usable = Online.And(allowedByCpuset).And(Affinity);
    }

    /// <summary>Those that run.</summary>
    public IndexSet Online { get; }

    /// <summary>Those that this process is bound to; <see langword="null"/> where unknown.</summary>
    public IndexSet? Affinity { get; }

    /// <summary>Those of the online ones that this process may use.</summary>
    public IndexSet Usable { get; }

    /// <summary>The physical cores that these processors belong to, each named by its lowest processor.</summary>
    public IndexSet CoresOf(IEnumerable<int> processors) => new(processors.Select(CoreOf));

    /// <summary>The packages that these processors belong to.</summary>
    public int CountPackages(IEnumerable<int> processors) => processors.Where(Online.Contains).Select(PackageOf).Distinct().Count();

    /// <summary>A processor's core, named by its lowest processor: identifiers of cores repeat among packages and dies.</summary>
    public int CoreOf(int processor)
    {
        if (_cores.TryGetValue(processor, out var core)) return core;
        var siblings = _tree.ReadSet($"{Folder}/cpu{processor}/topology/core_cpus_list") ?? _tree.ReadSet($"{Folder}/cpu{processor}/topology/thread_siblings_list");
        return _cores[processor] = siblings is { Count: > 0 } ? siblings.Min : processor;
    }

    /// <summary>The usable processors of each core.</summary>
    public IReadOnlyList<IReadOnlyList<int>> GroupByCore() => [.. Usable.GroupBy(CoreOf).OrderBy(core => core.Key).Select(core => core.ToArray())];

    /// <summary>One usable processor of each core.</summary>
    public IReadOnlyList<int> FirstOfEachCore() => [.. Usable.DistinctBy(CoreOf)];

    /// <summary>One usable processor of each package.</summary>
    public IReadOnlyList<int> FirstOfEachPackage() => [.. Usable.DistinctBy(PackageOf)];

    /// <summary>A number in a file of a processor's folder.</summary>
    public long? ReadNumber(int processor, string file) => _tree.ReadNumber($"{Folder}/cpu{processor}/{file}");

    // Some firmware gives every processor the package -1; a machine without packages is one.
    private string PackageOf(int processor) =>
        ReadNumber(processor, "topology/physical_package_id") is { } id and >= 0
            ? id.ToString(CultureInfo.InvariantCulture)
            : _tree.ReadText($"{Folder}/cpu{processor}/topology/core_siblings_list") ?? "";

    private IndexSet ReadPresent()
    {
        var folders = _tree.ReadNumbered(Folder, "cpu");
        if (folders.Count > 0) return folders;
        return new(_tree.ReadLines("proc/cpuinfo")
            .Where(line => line.StartsWith("processor", StringComparison.Ordinal))
            .Select(line => line.Split(':', 2))
            .Select(field => field.Length == 2 && int.TryParse(field[1], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Where(number => number >= 0));
    }
}
