using System.Text;

namespace EdgeAI.Generation;

/// <summary>A vocabulary of given pieces of bytes, for streaming: token i stands for piece i.</summary>
internal sealed class PieceTokenizer(IReadOnlyList<byte[]> pieces) : ITokenizer
{
    public int VocabularySize => pieces.Count;

    public int? BeginOfSequence => null;

    public IReadOnlyList<int> EndTokens => [];

    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true, bool parseSpecialTokens = true) => throw new NotSupportedException();

    public string Decode(ReadOnlySpan<int> tokens, bool skipSpecialTokens = false) => Encoding.UTF8.GetString([.. tokens.ToArray().SelectMany(token => pieces[token])]);

    public ReadOnlySpan<byte> GetBytes(int token) => pieces[token];

    public bool IsSpecial(int token) => false;

    /// <summary>Cuts bytes at the given places.</summary>
    public static PieceTokenizer Cut(byte[] bytes, IEnumerable<int> places)
    {
        var borders = places.Select(place => place % (bytes.Length + 1)).Append(0).Append(bytes.Length).Order().ToArray();
        return new PieceTokenizer([.. borders.Zip(borders.Skip(1), (from, to) => bytes[from..to])]);
    }
}
