namespace EdgeAI.Generation;

/// <summary>Which parts of a text get a space before them.</summary>
internal enum PrependScheme
{
    Always,

    /// <summary>Only the one that begins the text.</summary>
    First,

    Never,
}
