namespace EdgeAI.Generation;

/// <summary>A schema, a regular expression or a list of choices cannot become a token mask. Not transient.</summary>
public sealed class GrammarException : EdgeAIException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">What was refused, and what to do.</param>
    /// <param name="keyword">The schema's keyword; <see langword="null"/> where none is to blame.</param>
    /// <param name="path">Where the keyword stands, as a JSON pointer such as <c>#/properties/name</c>; <see langword="null"/> where none is to blame.</param>
    public GrammarException(GrammarErrorReason reason, string message, string? keyword = null, string? path = null)
        : base(message)
    {
        Reason = reason;
        Keyword = keyword;
        Path = path;
    }

    /// <summary>Why.</summary>
    public GrammarErrorReason Reason { get; }

    /// <summary>The schema's keyword; <see langword="null"/> where none is to blame.</summary>
    public string? Keyword { get; }

    /// <summary>Where the keyword stands, as a JSON pointer such as <c>#/properties/name</c>; <see langword="null"/> where none is to blame.</summary>
    public string? Path { get; }

    /// <inheritdoc/>
    public override bool IsTransient => false;

    internal static GrammarException Unsupported(string keyword, string path, string why) =>
        new(GrammarErrorReason.Unsupported, $"'{keyword}' at {path} is not supported: {why}.", keyword, path);

    internal static GrammarException Invalid(string keyword, string path, string why) =>
        new(GrammarErrorReason.Invalid, $"'{keyword}' at {path} is not valid: {why}.", keyword, path);

    internal static GrammarException TooLarge(string what, long limit, string? keyword = null, string? path = null) =>
        new(GrammarErrorReason.TooLarge, $"{what} {(path is null ? "" : $"at {path} ")}exceeds the limit of {limit}.", keyword, path);
}
