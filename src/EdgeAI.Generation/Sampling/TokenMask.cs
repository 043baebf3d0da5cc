using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

/// <summary>Forbids what a constraint does not allow. Pure.</summary>
internal static class TokenMask
{
    private const int WordBits = 64;

    /// <summary>Elements that a mask for so many tokens has.</summary>
    public static int Length(int vocabularySize) => (vocabularySize + WordBits - 1) / WordBits;

    /// <summary>Sets the logits of forbidden tokens to negative infinity.</summary>
    /// <param name="logits">Those of all tokens.</param>
    /// <param name="allowed">One bit a token, as <see cref="ITokenConstraint.FillAllowed"/> writes them; tokens behind its end are forbidden.</param>
    public static void Apply(Span<float> logits, ReadOnlySpan<ulong> allowed)
    {
        for (var word = 0; word < allowed.Length && word * WordBits < logits.Length; word++)
        {
            var part = logits[(word * WordBits)..Math.Min((word + 1) * WordBits, logits.Length)];
            if (allowed[word] == 0) part.Fill(float.NegativeInfinity);
            else if (allowed[word] != ulong.MaxValue) Apply(part, allowed[word]);
        }

        if (allowed.Length * (long)WordBits < logits.Length) logits[(allowed.Length * WordBits)..].Fill(float.NegativeInfinity);
    }

    private static void Apply(Span<float> logits, ulong allowed)
    {
        var bits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        var forbidden = Vector256.Create(float.NegativeInfinity);
        var i = 0;
        for (; i + Vector256<float>.Count <= logits.Length; i += Vector256<float>.Count)
        {
            ref var place = ref logits[i];
            var isAllowed = Vector256.Equals(Vector256.Create((int)(byte)(allowed >> i)) & bits, bits).AsSingle();
            Vector256.ConditionalSelect(isAllowed, Vector256.LoadUnsafe(ref place), forbidden).StoreUnsafe(ref place);
        }

        for (; i < logits.Length; i++)
        {
            if ((allowed >> i & 1) == 0) logits[i] = float.NegativeInfinity;
        }
    }
}
