using System.Runtime.InteropServices;

namespace EdgeAI.Generation;

/// <summary>
/// Guesses how a sequence goes on: as it did after the last place where it had the same few tokens (prompt lookup decoding, Saxena 2023). The longest match counts, of equal ones the latest. A token costs a few
/// look-ups however long the sequence is. Not thread-safe.
/// </summary>
internal sealed class NgramDrafter
{
    // One token alone says little about the next, and more than four rarely say more.
    private const int Shortest = 2, Longest = 4;

    private readonly List<int> _tokens;
    private readonly Dictionary<ulong, int> _followers;

    // By length: where the tokens go on that followed the last so many the time before; 0 for nowhere.
    private readonly int[] _matches = new int[Longest + 1];

    /// <param name="expectedTokens">Up to so many tokens of prompt and answer, nothing is allocated.</param>
    public NgramDrafter(int expectedTokens)
    {
        _tokens = new List<int>(expectedTokens);
        _followers = new Dictionary<ulong, int>(expectedTokens * (Longest - Shortest + 1));
    }

    /// <summary>Tokens that the sequence has.</summary>
    public int Count => _tokens.Count;

    /// <summary>Adds tokens of the prompt or the answer.</summary>
    public void Append(ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens) Append(token);
    }

    /// <summary>Adds a token of the prompt or the answer.</summary>
    public void Append(int token)
    {
        _tokens.Add(token);
        var hash = 0UL;
        for (var length = 1; length <= Longest && length <= _tokens.Count; length++)
        {
            hash = Mix(hash, _tokens[^length]);
            if (length < Shortest) continue;
            ref var follower = ref CollectionsMarshal.GetValueRefOrAddDefault(_followers, hash, out _);
            _matches[length] = follower;
            follower = _tokens.Count;
        }
    }

    /// <summary>Guesses the next tokens.</summary>
    /// <param name="draft">Receives them, as many as there is room for.</param>
    /// <returns>How many there are: all, or none.</returns>
    public int Draft(Span<int> draft)
    {
        for (var length = Longest; length >= Shortest; length--)
        {
            var from = _matches[length];
            if (from == 0 || !IsMatch(from, length)) continue;

            // What repeats itself goes on in the draft.
            for (var i = 0; i < draft.Length; i++) draft[i] = from + i < _tokens.Count ? _tokens[from + i] : draft[from + i - _tokens.Count];
            return draft.Length;
        }

        return 0;
    }

    /// <summary>Different tokens may have the same hash.</summary>
    private bool IsMatch(int from, int length)
    {
        for (var i = 1; i <= length; i++)
        {
            if (_tokens[from - i] != _tokens[^i]) return false;
        }

        return true;
    }

    private static ulong Mix(ulong hash, int token)
    {
        hash = (hash ^ (uint)token) * 0x9E3779B97F4A7C15UL;
        return (hash ^ (hash >> 29)) + 0xD6E8FEB86659FD93UL;
    }
}
