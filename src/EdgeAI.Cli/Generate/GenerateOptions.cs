using EdgeAI.Generation;

namespace EdgeAI.Cli.Generate;

/// <summary>What <c>edgeai generate</c> is asked for.</summary>
internal sealed record GenerateOptions
{
    public required string Folder { get; init; }

    /// <summary>The prompt's text; <see langword="null"/> where it is given by its tokens.</summary>
    public string? Prompt { get; init; }

    /// <summary>The prompt's tokens, taken exactly; <see langword="null"/> where it is given by its text.</summary>
    public int[]? Tokens { get; init; }

    public required GenerationOptions Generation { get; init; }

    public required TextGeneratorOptions Model { get; init; }

    /// <summary>Answers that are not counted, before the others.</summary>
    public required int WarmUps { get; init; }

    /// <summary>Answers that the figures are medians of, 1 or more.</summary>
    public required int Repeats { get; init; }
}
