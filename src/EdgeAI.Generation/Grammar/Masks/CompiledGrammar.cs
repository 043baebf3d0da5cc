using System.Collections.Concurrent;
using System.Numerics;

namespace EdgeAI.Generation;

/// <summary>An automaton, a vocabulary and the masks computed so far. Thread-safe: threads may compute the same mask twice, and keep one.</summary>
internal sealed class CompiledGrammar
{
    private readonly LocalMask?[] _masks;
    private readonly ConcurrentDictionary<(int State, int Most, int Least), LocalMask> _counted = new();
    private long _cachedBytes;

    public CompiledGrammar(Automaton automaton, TokenVocabulary vocabulary)
    {
        Automaton = automaton;
        Vocabulary = vocabulary;
        Costs = new CompletionCosts(automaton, vocabulary);
        _masks = new LocalMask?[automaton.StateCount];
    }

    public Automaton Automaton { get; }

    public TokenVocabulary Vocabulary { get; }

    public CompletionCosts Costs { get; }

    /// <summary>What the masks computed so far take.</summary>
    public long CachedBytes => Interlocked.Read(ref _cachedBytes);

    /// <summary>The mask of a thread's state and count.</summary>
    /// <param name="thread">The thread; its stack does not matter.</param>
    /// <param name="walker">Computes the mask where it is not known.</param>
    /// <param name="end">Where the walker's buffer is free.</param>
    /// <param name="scratch">As long as a mask.</param>
    public LocalMask Local(ParseThread thread, GrammarWalker walker, int end, Span<ulong> scratch)
    {
        if (!Automaton.HasCounter(thread.State))
        {
            if (Volatile.Read(ref _masks[thread.State]) is { } known) return known;
            var mask = Compute(thread, walker, end, scratch);
            if (TryReserve(mask)) Volatile.Write(ref _masks[thread.State], mask);
            return mask;
        }

        // No token is longer than the vocabulary's longest: beyond it, more or fewer characters to go make no difference.
        var (most, least) = Automaton.Remaining(thread.State, thread.Count);
        var longest = Vocabulary.Tokens.MaxLength + 1;
        var key = (thread.State, Math.Min(most, longest), Math.Min(least, longest));
        if (_counted.TryGetValue(key, out var counted)) return counted;
        counted = Compute(thread, walker, end, scratch);
        if (TryReserve(counted)) _counted[key] = counted;
        return counted;
    }

    /// <summary>What tokens allow that complete a mask's rule and go on where it returns to.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="next">The state that the rule returns to.</param>
    /// <param name="walker">Computes what is not known.</param>
    /// <param name="end">Where the walker's buffer is free.</param>
    /// <param name="scratch">As long as a mask.</param>
    public LocalMask Continued(LocalMask mask, int next, GrammarWalker walker, int end, Span<ulong> scratch)
    {
        if (mask.Continued.TryGetValue(next, out var known)) return known;
        var continued = Compute(mask, next, walker, end, scratch);
        if (TryReserve(continued)) mask.Continued[next] = continued;
        return continued;
    }

    private LocalMask Compute(ParseThread thread, GrammarWalker walker, int end, Span<ulong> scratch)
    {
        scratch.Clear();
        var trie = Vocabulary.Tokens;
        var record = new MaskRecord(Costs.Of(thread.State, thread.Count, 0), Automaton.Height(thread.State));
        var (most, least) = Automaton.HasCounter(thread.State) ? Automaton.Remaining(thread.State, thread.Count) : (int.MaxValue, 0);
        if ((Automaton.Traits(thread.State) & StateTraits.PlainLoop) != 0)
        {
            trie = Vocabulary.Others;
            Vocabulary.Plain(most).CopyTo(scratch);

            // A character that must come and has come need not come any more.
            if (most > 0) record.AllowedAll(record.UsualCost - Math.Min(least, TokenVocabulary.LongestPlain), record.UsualCost - Math.Min(least, 1));
        }

        walker.IgnoresDepth = true;
        var set = walker.Place(thread with { Stack = StackArena.Unknown }, end);
        walker.Walk(trie, 0, trie.NodeCount, 0, end, set, scratch, int.MaxValue, record);
        walker.IgnoresDepth = false;
        return new LocalMask(scratch, trie, record, least);
    }

    private LocalMask Compute(LocalMask mask, int next, GrammarWalker walker, int end, Span<ulong> scratch)
    {
        scratch.Clear();
        var record = new MaskRecord(Costs.Of(next, 0, 0), Automaton.Height(next));
        var (nodes, links) = (walker.Stacks.NodeCount, walker.Stacks.LinkCount);
        walker.IgnoresDepth = true;
        var set = walker.Close([new ParseThread(next, 0, StackArena.Unknown)], end);
        if (walker.Escaped) record.Escapes.AddRange(mask.Escapes);
        foreach (var node in mask.Escapes) walker.Walk(mask.Trie, node + 1, mask.Trie.Ends[node], mask.Trie.Depths[node], end, set, scratch, int.MaxValue, record);
        walker.IgnoresDepth = false;
        walker.Stacks.Truncate(nodes, links);
        record.Escapes.Sort();

        // A token that is found twice may need one number of tokens or the other.
        var count = 0;
        foreach (var word in scratch) count += BitOperations.PopCount(word);
        if (count != record.Count) record.ForgetCosts();
        return new LocalMask(scratch, mask.Trie, record, missing: 0);
    }

    private bool TryReserve(LocalMask mask)
    {
        if (Interlocked.Add(ref _cachedBytes, mask.Size) <= GrammarLimits.MaskCacheBytes) return true;
        Interlocked.Add(ref _cachedBytes, -mask.Size);
        return false;
    }
}
