using System.Text;

namespace EdgeAI.Generation;

/// <summary>
/// Answers that are one of some texts, or that a regular expression describes, for one tokenizer. Works as <see cref="JsonSchemaGrammar"/> does. Immutable and
/// thread-safe: compile once, create a constraint for each answer.
/// </summary>
public sealed class TextGrammar
{
    private readonly CompiledGrammar _compiled;

    private TextGrammar(CompiledGrammar compiled)
    {
        _compiled = compiled;
    }

    /// <summary>Answers that a regular expression matches as a whole.</summary>
    /// <param name="pattern">In ECMA-262's syntax, without lookaround, back references and word borders.</param>
    /// <param name="tokenizer">The model's tokenizer. What is made of its vocabulary is kept as long as it lives.</param>
    /// <exception cref="GrammarException">The expression is wrong, not supported, too large or fits nothing, or the vocabulary lacks tokens that it needs.</exception>
    public static TextGrammar CompilePattern(string pattern, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        try
        {
            // By itself first: parentheses must pair within it.
            PatternParser.Parse(pattern);
            var texts = CodePointDfa.FromPattern($"^(?:{pattern})$");
            var nfa = new RuleNfa();
            var characters = new Utf8Ranges(nfa);
            var states = new int[texts.Count];
            for (var state = 1; state < states.Length; state++) states[state] = nfa.AddState();
            for (var state = 0; state < states.Length; state++)
            {
                if (texts.Accepts(state)) nfa.Accept(states[state]);
                foreach (var edge in texts.Edges(state)) characters.Add(states[state], edge.Low, edge.High, states[edge.Target]);
            }

            return Compile(nfa, tokenizer);
        }
        catch (PatternException error)
        {
            throw new GrammarException(error.Reason, $"The expression cannot be used: {error.Message}.");
        }
    }

    /// <summary>Answers that are one of some texts.</summary>
    /// <param name="choices">One or more; lone surrogates count as U+FFFD.</param>
    /// <param name="tokenizer">The model's tokenizer. What is made of its vocabulary is kept as long as it lives.</param>
    /// <exception cref="GrammarException">There are none or too many, or the vocabulary lacks tokens that they need.</exception>
    public static TextGrammar CompileChoices(IReadOnlyList<string> choices, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(choices);
        if (choices.Count > GrammarLimits.EnumValues) throw GrammarException.TooLarge("The number of choices", GrammarLimits.EnumValues);
        var nfa = new RuleNfa();
        foreach (var choice in choices) nfa.Accept(nfa.AddText(0, Encoding.UTF8.GetBytes(choice)));
        return Compile(nfa, tokenizer);
    }

    /// <summary>A constraint for one answer, which begins empty. Used by one thread at a time.</summary>
    public ILookaheadConstraint CreateConstraint() => new GrammarConstraint(_compiled);

    private static TextGrammar Compile(RuleNfa nfa, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var vocabulary = TokenVocabulary.For(tokenizer);
        var builder = new AutomatonBuilder(GrammarLimits.States);
        var rule = builder.DeclareRule(nests: false);
        builder.DefineRule(rule, nfa);
        return new TextGrammar(new CompiledGrammar(builder.Build([rule], vocabulary.Available, maxDepth: 1), vocabulary));
    }
}
