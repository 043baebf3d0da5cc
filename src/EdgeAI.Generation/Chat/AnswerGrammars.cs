using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>Constraints that answers are held to: a JSON schema, or a call of a function. Thread-safe.</summary>
internal sealed class AnswerGrammars(ITokenizer tokenizer)
{
    /// <summary>A constraint for one answer; <see langword="null"/> where everything is allowed.</summary>
    public ITokenConstraint? CreateConstraint(ChatOptionsMapping options)
    {
        _ = tokenizer;
        if (options.Json is null && !options.MustCall) return null;
        throw new NotSupportedException("later");
    }
}
