using System.Text;

namespace EdgeAI.Generation;

/// <summary>One decoder after the other.</summary>
internal sealed class SequenceDecoder(IReadOnlyList<ITokenDecoder> steps)
{
    /// <summary>The text of tokens. Without any step tokens are words, which spaces part.</summary>
    public string Decode(List<string> tokens)
    {
        foreach (var step in steps) step.Decode(tokens);
        return string.Join(steps.Count == 0 ? " " : "", tokens);
    }

    /// <summary>The UTF-8 that a token adds in the middle of a text.</summary>
    public byte[] BytesOf(string token)
    {
        foreach (var step in steps)
        {
            if (step.BytesOf(token) is { } bytes) return bytes;
            token = step.DecodeOne(token);

            // What comes after the fusion sees the text, not its tokens.
            if (step is FuseDecoder) break;
        }

        return Encoding.UTF8.GetBytes(steps.Count == 0 ? " " + token : token);
    }
}
