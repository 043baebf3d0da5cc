using System.Globalization;

namespace EdgeAI.Cli.Chat;

/// <summary>
/// Shows behind the last letter of an answer how fast it comes, as long as it comes. For terminals that obey escape sequences; the cursor does not move. Nothing is shown where
/// the line has no room for it.
/// </summary>
/// <param name="terminal">The terminal, the same that the answer is written to.</param>
/// <param name="width">Its width in columns.</param>
/// <param name="timeProvider">The time.</param>
internal sealed class LiveSpeed(TextWriter terminal, int width, TimeProvider timeProvider)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly long _firstAt = timeProvider.GetTimestamp();
    private long _shownAt;
    private int _column;
    private int _pieces;
    private bool _isShown;

    /// <summary>Takes away what is shown.</summary>
    public void Clear()
    {
        if (_isShown) terminal.Write("\e[K");
        _isShown = false;
    }

    /// <summary>Follows the answer by a piece that was written.</summary>
    public void Show(string piece)
    {
        _pieces++;
        foreach (var letter in piece) _column = letter == '\n' ? 0 : (_column + WidthOf(letter)) % width;
        if (_pieces < 2 || (_shownAt != 0 && timeProvider.GetElapsedTime(_shownAt) < _pause)) return;
        _shownAt = timeProvider.GetTimestamp();
        var text = string.Create(CultureInfo.InvariantCulture, $"  {(_pieces - 1) / timeProvider.GetElapsedTime(_firstAt).TotalSeconds:F1} tokens/s");
        if (_column + text.Length >= width) return;
        terminal.Write($"\e7\e[2m{text}\e[22m\e8");
        _isShown = true;
    }

    // Letters of other scripts may take two columns: assume so, and show nothing rather than wrap.
    private static int WidthOf(char letter) => letter switch
    {
        '\t' => 8,
        < ' ' => 0,
        < '\u0300' => 1,
        _ => 2,
    };
}
