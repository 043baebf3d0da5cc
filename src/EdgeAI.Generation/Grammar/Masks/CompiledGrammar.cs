using System.Collections.Concurrent;

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
        _masks = new LocalMask?[automaton.StateCount];
    }

    public Automaton Automaton { get; }

    public TokenVocabulary Vocabulary { get; }

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

    private LocalMask Compute(ParseThread thread, GrammarWalker walker, int end, Span<ulong> scratch)
    {
        scratch.Clear();
        var escapes = new List<int>();
        var trie = Vocabulary.Tokens;
        if ((Automaton.Traits(thread.State) & StateTraits.PlainLoop) != 0)
        {
            trie = Vocabulary.Others;
            Vocabulary.Plain(Automaton.HasCounter(thread.State) ? Automaton.Remaining(thread.State, thread.Count).Most : int.MaxValue).CopyTo(scratch);
        }

        walker.IgnoresDepth = true;
        walker.ResetReach();
        var set = walker.Place(thread with { Stack = StackArena.Unknown }, end);
        walker.Walk(trie, 0, trie.NodeCount, 0, end, set, scratch, escapes);
        walker.IgnoresDepth = false;
        return new LocalMask(scratch, trie, [.. escapes], walker.Reach);
    }

    private bool TryReserve(LocalMask mask)
    {
        if (Interlocked.Add(ref _cachedBytes, mask.Size) <= GrammarLimits.MaskCacheBytes) return true;
        Interlocked.Add(ref _cachedBytes, -mask.Size);
        return false;
    }
}
