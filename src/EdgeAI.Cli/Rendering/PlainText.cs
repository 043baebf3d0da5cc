namespace EdgeAI.Cli.Rendering;

/// <summary>Text that a terminal shows and does not obey: names come from files that anybody may have written.</summary>
internal static class PlainText
{
    /// <summary>The text with a space for every control character.</summary>
    public static string Clean(string text) => Clean(text, char.IsControl);

    /// <summary>As <see cref="Clean(string)"/>, but lines and tabulators stay.</summary>
    public static string CleanLines(string text) => Clean(text, static letter => char.IsControl(letter) && letter is not ('\n' or '\t'));

    private static string Clean(string text, Func<char, bool> isBad) => text.Any(isBad)
        ? string.Create(text.Length, (text, isBad), static (clean, dirty) =>
        {
            for (var i = 0; i < clean.Length; i++) clean[i] = dirty.isBad(dirty.text[i]) ? ' ' : dirty.text[i];
        })
        : text;
}
