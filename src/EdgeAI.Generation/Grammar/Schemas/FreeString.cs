namespace EdgeAI.Generation;

/// <summary>Strings of any characters, with all escapes of RFC 8259; surrogates only in pairs.</summary>
internal static class FreeString
{
    public static RuleNfa Create(int minimum, int maximum)
    {
        var nfa = new RuleNfa();
        if (minimum > maximum) return nfa;
        var body = nfa.AddState();
        var end = nfa.AddState();
        nfa.AddByte(0, (byte)'"', body);
        nfa.AddByte(body, (byte)'"', end);
        nfa.Accept(end);
        nfa.AddRange(body, 0x20, 0x21, body);
        nfa.AddRange(body, 0x23, 0x5B, body);
        nfa.AddRange(body, 0x5D, 0x7F, body);
        AddEncoded(nfa, body);
        AddEscapes(nfa, body);
        if (minimum > 0 || maximum != int.MaxValue) nfa.CountCharacters(body, minimum, maximum);
        return nfa;
    }

    /// <summary>RFC 3629's table of well-formed sequences.</summary>
    private static void AddEncoded(RuleNfa nfa, int body)
    {
        var last = Before(nfa, 0x80, 0xBF, body);
        var last2 = Before(nfa, 0x80, 0xBF, last);
        nfa.AddRange(body, 0xC2, 0xDF, last);
        nfa.AddByte(body, 0xE0, Before(nfa, 0xA0, 0xBF, last));
        nfa.AddRange(body, 0xE1, 0xEC, last2);
        nfa.AddByte(body, 0xED, Before(nfa, 0x80, 0x9F, last));
        nfa.AddRange(body, 0xEE, 0xEF, last2);
        nfa.AddByte(body, 0xF0, Before(nfa, 0x90, 0xBF, last2));
        nfa.AddRange(body, 0xF1, 0xF3, Before(nfa, 0x80, 0xBF, last2));
        nfa.AddByte(body, 0xF4, Before(nfa, 0x80, 0x8F, last2));
    }

    private static void AddEscapes(RuleNfa nfa, int body)
    {
        var escape = nfa.AddState();
        nfa.AddByte(body, (byte)'\\', escape);
        foreach (var value in "\"\\/bfnrt") nfa.AddByte(escape, (byte)value, body);
        var unicode = nfa.AddState();
        nfa.AddByte(escape, (byte)'u', unicode);
        var one = BeforeHexadecimal(nfa, body);
        var two = BeforeHexadecimal(nfa, one);
        var three = BeforeHexadecimal(nfa, two);

        // D800 to DFFF are surrogates: D8 to DB begin a pair, DC to DF end one.
        nfa.AddRange(unicode, (byte)'0', (byte)'9', three);
        AddLetters(nfa, unicode, 'a', 'c', three);
        AddLetters(nfa, unicode, 'e', 'f', three);
        var afterD = nfa.AddState();
        AddLetters(nfa, unicode, 'd', 'd', afterD);
        nfa.AddRange(afterD, (byte)'0', (byte)'7', two);
        var lowD = nfa.AddState();
        AddLetters(nfa, lowD, 'c', 'f', two);
        var low = nfa.AddState();
        AddLetters(nfa, low, 'd', 'd', lowD);
        var high = BeforeHexadecimal(nfa, BeforeHexadecimal(nfa, Before(nfa, (byte)'\\', (byte)'\\', Before(nfa, (byte)'u', (byte)'u', low))));
        nfa.AddRange(afterD, (byte)'8', (byte)'9', high);
        AddLetters(nfa, afterD, 'a', 'b', high);
    }

    private static int Before(RuleNfa nfa, byte low, byte high, int to)
    {
        var state = nfa.AddState();
        nfa.AddRange(state, low, high, to);
        return state;
    }

    private static int BeforeHexadecimal(RuleNfa nfa, int to)
    {
        var state = Before(nfa, (byte)'0', (byte)'9', to);
        AddLetters(nfa, state, 'a', 'f', to);
        return state;
    }

    private static void AddLetters(RuleNfa nfa, int from, char low, char high, int to)
    {
        nfa.AddRange(from, (byte)low, (byte)high, to);
        nfa.AddRange(from, (byte)char.ToUpperInvariant(low), (byte)char.ToUpperInvariant(high), to);
    }
}
