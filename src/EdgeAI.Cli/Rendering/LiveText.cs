namespace EdgeAI.Cli.Rendering;

/// <summary>Writes an answer as it comes. A model may say anything: the terminal shows it and does not obey it.</summary>
internal sealed class LiveText(TextWriter output)
{
    private bool _isEmpty = true;

    /// <summary>Writes a piece of text, lines and tabs as they are.</summary>
    public void Write(string text)
    {
        if (text.Length == 0) return;
        output.Write(string.Concat(text.Select(character => char.IsControl(character) && character is not ('\n' or '\t') ? ' ' : character)));
        output.Flush();
        _isEmpty = false;
    }

    /// <summary>Writes a token without text.</summary>
    public void Write(int token) => Write(_isEmpty ? $"{token}" : $" {token}");

    /// <summary>Ends the answer's last line, and leaves one free.</summary>
    public void Complete() => output.Write(_isEmpty ? "" : "\n\n");
}
