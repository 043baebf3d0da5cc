using System.Text;

namespace EdgeAI.Generation;

/// <summary>Writes each byte of UTF-8 as a visible character (Radford et al. 2019, GPT-2), after splitting into words where asked for.</summary>
internal sealed class ByteLevelPreTokenizer(bool addsPrefixSpace, bool splitsWords) : IPreTokenizer
{
    public void Split(PreToken part, List<PreToken> output)
    {
        if (addsPrefixSpace && part.Text[0] != ' ') part = part with { Text = " " + part.Text };
        if (!splitsWords)
        {
            output.Add(part with { Text = ByteAlphabet.Write(part.Text) });
            return;
        }

        var first = output.Count;
        Splitter.Split(part, TokenPattern.Gpt2.Find(part.Text), SplitBehavior.Isolated, inverts: false, output);
        for (var i = first; i < output.Count; i++) output[i] = output[i] with { Text = ByteAlphabet.Write(output[i].Text) };
    }
}
