namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>
/// Where the process stands in the control group hierarchies (version 1, version 2 and the older cpuset file system), found through
/// <c>/proc/mounts</c> and <c>/proc/self</c>. Sources: cgroups(7), cpuset(7).
/// </summary>
internal sealed class ControlGroups
{
    private readonly SystemTree _tree;
    private readonly List<(string Point, string Type, string[] Options)> _mounts;
    private readonly List<(string[] Controllers, string Path)> _memberships;
    private readonly string? _cpusetPath;

    public ControlGroups(SystemTree tree)
    {
        _tree = tree;
        _mounts = [.. tree.ReadLines("proc/mounts").Select(line => line.Split(' ')).Where(f => f.Length >= 4).Select(f => (Unescape(f[1]), f[2], f[3].Split(',')))];
        _memberships = [.. tree.ReadLines("proc/self/cgroup").Select(line => line.Split(':', 3)).Where(f => f.Length == 3).Select(f => (f[1].Split(','), f[2]))];
        _cpusetPath = tree.ReadText("proc/self/cpuset");
    }

    /// <summary>Folders of the version 2 hierarchy, from the process's own group up to the mount point; empty where there is none.</summary>
    public IEnumerable<string> Unified(string? knownPath = null) =>
        _mounts.Where(m => m.Type == "cgroup2").SelectMany(m => Upward(m.Point, knownPath ?? PathOf("")));

    /// <summary>Folders of the version 1 hierarchy of one controller, from the process's own group up to the mount point; empty where there is none.</summary>
    public IEnumerable<string> Legacy(string controller) =>
        _mounts.Where(m => m.Type == "cgroup" && m.Options.Contains(controller)).SelectMany(m => Upward(m.Point, PathOf(controller)));

    /// <summary>Processors that the cpuset allows; <see langword="null"/> where there is none.</summary>
    public IndexSet? AllowedProcessors => ReadCpuset("cpus");

    /// <summary>Memory nodes that the cpuset allows; <see langword="null"/> where there is none.</summary>
    public IndexSet? AllowedNodes => ReadCpuset("mems");

    private IndexSet? ReadCpuset(string what)
    {
        var folders = Legacy("cpuset")
            .Concat(_mounts.Where(m => m.Type == "cpuset").SelectMany(m => Upward(m.Point, _cpusetPath ?? PathOf("cpuset"))))
            .Concat(Unified(_memberships.Count == 0 ? _cpusetPath : null));
        foreach (var folder in folders)
        {
            // Effective files first: a group whose own list is empty inherits. The last name is that of the "noprefix" mounts.
            foreach (var file in (string[])[$"cpuset.{what}.effective", $"cpuset.effective_{what}", $"cpuset.{what}", what])
            {
                if (_tree.ReadSet($"{folder}/{file}") is { Count: > 0 } set) return set;
            }
        }

        return null;
    }

    private string? PathOf(string controller)
    {
        foreach (var (controllers, path) in _memberships)
        {
            if (controllers.Contains(controller)) return path;
        }

        return controller == "cpuset" ? _cpusetPath : null;
    }

    /// <summary>A container sees a path of its host here that does not exist below its own mount point; then only the mount point counts.</summary>
    private IEnumerable<string> Upward(string mountPoint, string? path)
    {
        var segments = (path ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Contains("..")) segments = [];
        for (var depth = segments.Length; depth >= 0; depth--)
        {
            var folder = $"{mountPoint.TrimEnd('/')}/{string.Join('/', segments.Take(depth))}".TrimEnd('/');
            if (_tree.HasFolder(folder)) yield return folder;
        }
    }

    private static string Unescape(string field) => field.Replace(@"\040", " ", StringComparison.Ordinal).Replace(@"\011", "\t", StringComparison.Ordinal);
}
