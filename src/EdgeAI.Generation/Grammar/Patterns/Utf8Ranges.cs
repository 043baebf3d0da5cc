using System.Text;

namespace EdgeAI.Generation;

/// <summary>Adds ranges of characters to a rule as the byte sequences of UTF-8; last bytes that lead to the same state are shared.</summary>
internal sealed class Utf8Ranges(RuleNfa nfa)
{
    private static readonly (int First, int Last)[] _lengths = [(0, 0x7F), (0x80, 0x7FF), (0x800, 0xFFFF), (0x10000, CodePointSet.Last)];

    private readonly Dictionary<(byte Low, byte High, int To), int> _suffixes = [];

    /// <summary>Adds the characters from low to high, among which no surrogates are.</summary>
    public void Add(int from, int low, int high, int to)
    {
        foreach (var (first, last) in _lengths)
        {
            if (low <= last && first <= high) AddSameLength(from, Math.Max(low, first), Math.Min(high, last), to);
        }
    }

    /// <summary>Cuts a range where its bytes do not vary freely: at the borders of 64, 4096 and 262144 characters.</summary>
    private void AddSameLength(int from, int low, int high, int to)
    {
        Span<byte> first = stackalloc byte[4];
        Span<byte> last = stackalloc byte[4];
        var length = new Rune(low).EncodeToUtf8(first);
        for (var position = 1; position < length; position++)
        {
            var mask = (1 << (6 * position)) - 1;
            if ((low & ~mask) == (high & ~mask)) continue;
            if ((low & mask) != 0)
            {
                AddSameLength(from, low, low | mask, to);
                AddSameLength(from, (low | mask) + 1, high, to);
                return;
            }

            if ((high & mask) == mask) continue;
            AddSameLength(from, low, (high & ~mask) - 1, to);
            AddSameLength(from, high & ~mask, high, to);
            return;
        }

        new Rune(high).EncodeToUtf8(last);
        var next = to;
        for (var position = length - 1; position > 0; position--)
        {
            var key = (first[position], last[position], next);
            if (!_suffixes.TryGetValue(key, out var state))
            {
                state = _suffixes[key] = nfa.AddState();
                nfa.AddRange(state, first[position], last[position], next);
            }

            next = state;
        }

        nfa.AddRange(from, first[0], last[0], next);
    }
}
