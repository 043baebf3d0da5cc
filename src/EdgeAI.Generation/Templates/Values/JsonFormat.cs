namespace EdgeAI.Generation;

/// <summary>How values become JSON: the arguments of Python's <c>json.dumps</c>.</summary>
/// <param name="Indent">Written once a level at the begin of lines; <see langword="null"/> for one line.</param>
/// <param name="ItemSeparator">Between elements.</param>
/// <param name="KeySeparator">Between name and value.</param>
/// <param name="SortsKeys">Whether names are in order.</param>
/// <param name="EscapesNonAscii">Whether other characters than ASCII are escaped.</param>
internal sealed record JsonFormat(string? Indent, string ItemSeparator, string KeySeparator, bool SortsKeys, bool EscapesNonAscii);
