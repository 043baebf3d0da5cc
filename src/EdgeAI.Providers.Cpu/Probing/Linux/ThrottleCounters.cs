namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>How often Intel's CPUs were slowed down by heat since the start, by their cores' and packages' own count. Source: arch/x86/kernel/cpu/mce/therm_throt.c of the Linux kernel.</summary>
internal sealed class ThrottleCounters
{
    private readonly SystemTree _tree;
    private readonly string[] _files;

    public ThrottleCounters(SystemTree tree, Processors processors)
    {
        _tree = tree;

        // The last name is that of old kernels.
        _files =
        [
            .. processors.FirstOfEachCore().SelectMany(p => (string[])[PathOf(p, "core_throttle_count"), PathOf(p, "count")])
                .Concat(processors.FirstOfEachPackage().Select(p => PathOf(p, "package_throttle_count")))
                .Where(tree.HasFile),
        ];
    }

    public bool IsPresent => _files.Length > 0;

    /// <summary>All counts together; <see langword="null"/> where there are none.</summary>
    public long? Read()
    {
        long? sum = null;
        foreach (var file in _files)
        {
            if (_tree.ReadNumber(file) is { } count) sum = (sum ?? 0) + count;
        }

        return sum;
    }

    private static string PathOf(int processor, string file) => $"{Processors.Folder}/cpu{processor}/thermal_throttle/{file}";
}
