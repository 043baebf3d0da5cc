using System.Text;

namespace EdgeAI.Generation;

/// <summary>The normalization forms of Unicode (UAX #15), whatever the host's globalization setting. The text must hold no lone surrogates.</summary>
internal static class UnicodeForms
{
    // Hangul syllables are composed by arithmetic: UAX #15, section 16 of the Unicode Standard's chapter 3.
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28, Syllables = Leads * Vowels * Trails;

    public static string Compose(string text, bool compatibility) => IsUnaffected(text, compatibility ? '\u00A0' : '\u0300') ? text : ToText(Composed(Decomposed(text, compatibility)));

    public static string Decompose(string text, bool compatibility) => IsUnaffected(text, compatibility ? '\u00A0' : '\u00C0') ? text : ToText(Decomposed(text, compatibility));

    private static bool IsUnaffected(string text, char first) => text.AsSpan().IndexOfAnyInRange(first, char.MaxValue) < 0;

    private static List<int> Decomposed(string text, bool compatibility)
    {
        var data = NormalizationData.Instance;
        var result = new List<int>(text.Length + 16);
        foreach (var rune in text.EnumerateRunes()) Append(rune.Value, compatibility, data, result);
        Order(result, data);
        return result;
    }

    private static void Append(int codePoint, bool compatibility, NormalizationData data, List<int> result)
    {
        var syllable = codePoint - HangulBase;
        if ((uint)syllable < Syllables)
        {
            result.Add(LeadBase + (syllable / (Vowels * Trails)));
            result.Add(VowelBase + (syllable / Trails % Vowels));
            if (syllable % Trails != 0) result.Add(TrailBase + (syllable % Trails));
        }
        else if (data.Decompose(codePoint, compatibility) is { } parts)
        {
            foreach (var part in parts) Append(part, compatibility, data, result);
        }
        else
        {
            result.Add(codePoint);
        }
    }

    // Runs of combining marks are sorted stably by class, whatever their length: the place is the lower half of the key.
    private static void Order(List<int> text, NormalizationData data)
    {
        for (var i = 0; i < text.Count; i++)
        {
            if (data.ClassOf(text[i]) == 0) continue;
            var end = i + 1;
            while (end < text.Count && data.ClassOf(text[end]) != 0) end++;
            if (end - i > 1)
            {
                var marks = text.GetRange(i, end - i);
                var keys = marks.Select((mark, place) => ((long)data.ClassOf(mark) << 32) | (uint)place).ToArray();
                Array.Sort(keys);
                for (var j = 0; j < keys.Length; j++) text[i + j] = marks[(int)keys[j]];
            }

            i = end - 1;
        }
    }

    private static List<int> Composed(List<int> text)
    {
        var data = NormalizationData.Instance;
        var result = new List<int>(text.Count);
        var (starter, lastClass) = (-1, 0);
        foreach (var codePoint in text)
        {
            var ownClass = data.ClassOf(codePoint);
            var isBlocked = starter < 0 || (starter != result.Count - 1 && lastClass >= ownClass);
            if (!isBlocked && TryCompose(result[starter], codePoint, data, out var composed))
            {
                result[starter] = composed;
                continue;
            }

            result.Add(codePoint);
            if (ownClass == 0) starter = result.Count - 1;
            lastClass = ownClass;
        }

        return result;
    }

    private static bool TryCompose(int first, int second, NormalizationData data, out int composed)
    {
        var (lead, vowel) = (first - LeadBase, second - VowelBase);
        if ((uint)lead < Leads && (uint)vowel < Vowels)
        {
            composed = HangulBase + (((lead * Vowels) + vowel) * Trails);
            return true;
        }

        var (syllable, trail) = (first - HangulBase, second - TrailBase);
        if ((uint)syllable < Syllables && syllable % Trails == 0 && trail is > 0 and < Trails)
        {
            composed = first + trail;
            return true;
        }

        return data.TryCompose(first, second, out composed);
    }

    private static string ToText(List<int> codePoints)
    {
        var text = new StringBuilder(codePoints.Count);
        Span<char> units = stackalloc char[2];
        foreach (var codePoint in codePoints) text.Append(units[..new Rune(codePoint).EncodeToUtf16(units)]);
        return text.ToString();
    }
}
