using System.Text;

namespace EdgeAI.Generation;

/// <summary>Turns the characters that stand for bytes back into them, and these into text.</summary>
internal sealed class ByteLevelDecoder : ITokenDecoder
{
    public void Decode(List<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens) bytes.AddRange(ByteAlphabet.Read(token));
        tokens.Clear();
        tokens.Add(Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes)));
    }

    public byte[] BytesOf(string token) => ByteAlphabet.Read(token);
}
