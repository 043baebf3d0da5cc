namespace EdgeAI.Generation;

/// <summary>Names from untrusted files, fit for a message of one line.</summary>
internal static class Shown
{
    private const int MaxLength = 120;

    public static string Name(string name)
    {
        var text = name.Length <= MaxLength ? name : $"{name.AsSpan(0, MaxLength)}...";
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < source.Length; i++) span[i] = char.IsControl(source[i]) ? '?' : source[i];
        });
    }

    public static string Lengths(ReadOnlySpan<long> lengths) => $"[{string.Join(", ", lengths.ToArray())}]";
}
