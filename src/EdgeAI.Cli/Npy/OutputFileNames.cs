using System.Buffers;
using System.Text;

namespace EdgeAI.Cli.Npy;

/// <summary>Chooses files for outputs: their names, as far as every file system takes them.</summary>
internal static class OutputFileNames
{
    private const int MaxBytes = 200;
    private static readonly SearchValues<char> _unfit = SearchValues.Create("\\/:*?\"<>|");

    /// <summary>One file name for each output, different ones even where case does not count.</summary>
    public static string[] Choose(IReadOnlyList<string> outputNames)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. outputNames.Select(name => ChooseUnused(Clean(name), taken) + ".npy")];
    }

    private static string ChooseUnused(string name, HashSet<string> taken)
    {
        var candidate = name;
        for (var number = 2; !taken.Add(candidate); number++) candidate = $"{name}-{number}";
        return candidate;
    }

    private static string Clean(string name)
    {
        var clean = new StringBuilder();
        var bytes = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            var isFit = !Rune.IsControl(rune) && (!rune.IsBmp || !_unfit.Contains((char)rune.Value));
            bytes += isFit ? rune.Utf8SequenceLength : 1;
            if (bytes > MaxBytes) break;
            clean.Append(isFit ? rune.ToString() : "_");
        }

        return clean.ToString();
    }
}
