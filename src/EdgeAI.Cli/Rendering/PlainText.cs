namespace EdgeAI.Cli.Rendering;

/// <summary>Text that a terminal shows and does not obey: names come from files that anybody may have written.</summary>
internal static class PlainText
{
    /// <summary>The text with a space for every control character.</summary>
    public static string Clean(string text) => text.Any(char.IsControl)
        ? string.Create(text.Length, text, static (clean, dirty) =>
        {
            for (var i = 0; i < clean.Length; i++) clean[i] = char.IsControl(dirty[i]) ? ' ' : dirty[i];
        })
        : text;
}
