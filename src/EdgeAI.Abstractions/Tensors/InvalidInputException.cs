namespace EdgeAI;

/// <summary>A request's tensors do not fit the model. Lists every problem at once.</summary>
public sealed class InvalidInputException : ArgumentException
{
    /// <summary>Creates an error.</summary>
    /// <param name="problems">Every problem found; at least one.</param>
    /// <param name="expected">What the model expects; <see langword="null"/> where no model is concerned.</param>
    public InvalidInputException(IReadOnlyList<string> problems, ModelSignature? expected = null)
        : base(Describe(problems, expected))
    {
        Problems = [.. problems];
        Expected = expected;
    }

    /// <summary>Every problem found.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>What the model expects; <see langword="null"/> where no model is concerned.</summary>
    public ModelSignature? Expected { get; }

    private static string Describe(IReadOnlyList<string> problems, ModelSignature? expected)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var message = problems.Count == 1
            ? $"Invalid input: {problems[0]}."
            : $"Invalid input, {problems.Count} problems: {string.Join("; ", problems)}.";
        return expected is null ? message : $"{message} The model expects {expected}.";
    }
}
