using System.Buffers;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>
/// Characters that stand for themselves in a JSON string: all but control characters, quote and backslash. Most tokens of a vocabulary consist of them; where
/// all are allowed, as inside a string, they are marked at once instead of one by one (the idea of llguidance's slices).
/// </summary>
internal static class PlainText
{
    /// <summary>Counts the characters of a text.</summary>
    /// <returns>-1 where it is not plain, or not valid UTF-8.</returns>
    public static int Count(ReadOnlySpan<byte> text)
    {
        var count = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out var rune, out var length) != OperationStatus.Done) return -1;
            if (rune.Value < 0x20 || rune.Value is '"' or '\\') return -1;
            text = text[length..];
            count++;
        }

        return count;
    }

    /// <summary>Whether every plain character leads from the state back to it.</summary>
    public static bool LoopsAt(Automaton automaton, int state)
    {
        if (automaton.Edges(state).Length < 4) return false;
        for (var value = 0x20; value < 0x80; value++)
        {
            if (value is not ('"' or '\\') && automaton.Next(state, (byte)value) != state) return false;
        }

        return LoopsFully(automaton, state);
    }

    /// <summary>The rows of RFC 3629's table of well-formed sequences.</summary>
    private static bool LoopsFully(Automaton automaton, int state) =>
        Continue(automaton, state, state, 0xC2, 0xDF, (0x80, 0xBF)) &&
        Continue(automaton, state, state, 0xE0, 0xE0, (0xA0, 0xBF), (0x80, 0xBF)) &&
        Continue(automaton, state, state, 0xE1, 0xEC, (0x80, 0xBF), (0x80, 0xBF)) &&
        Continue(automaton, state, state, 0xED, 0xED, (0x80, 0x9F), (0x80, 0xBF)) &&
        Continue(automaton, state, state, 0xEE, 0xEF, (0x80, 0xBF), (0x80, 0xBF)) &&
        Continue(automaton, state, state, 0xF0, 0xF0, (0x90, 0xBF), (0x80, 0xBF), (0x80, 0xBF)) &&
        Continue(automaton, state, state, 0xF1, 0xF3, (0x80, 0xBF), (0x80, 0xBF), (0x80, 0xBF)) &&
        Continue(automaton, state, state, 0xF4, 0xF4, (0x80, 0x8F), (0x80, 0xBF), (0x80, 0xBF));

    /// <summary>Whether all sequences of the ranges lead to the goal.</summary>
    private static bool Continue(Automaton automaton, int from, int goal, int low, int high, params ReadOnlySpan<(int Low, int High)> rest)
    {
        var covered = (int)low;
        foreach (var edge in automaton.Edges(from))
        {
            if (edge.High < covered || edge.Low > high) continue;
            if (edge.Low > covered) return false;
            if (rest.IsEmpty ? edge.Target != goal : !Continue(automaton, edge.Target, goal, rest[0].Low, rest[0].High, rest[1..])) return false;
            covered = edge.High + 1;
        }

        return covered > high;
    }
}
