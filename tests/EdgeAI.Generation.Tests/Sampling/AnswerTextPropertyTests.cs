using System.Text;
using CsCheck;

namespace EdgeAI.Generation;

[TestClass]
public sealed class AnswerTextPropertyTests
{
    // Few characters, of one to four bytes, so that stop sequences come, nearly come, and overlap.
    private static readonly string[] _characters = ["a", "b", "c", "é", "漢", "😀", "😁"];

    private static readonly Gen<string> _character = Gen.Int[0, _characters.Length - 1].Select(i => _characters[i]);

    private static readonly Gen<string> _text = Gen.OneOf(_character.Array[0, 60].Select(string.Concat), Gen.Int[0, 1].Select(i => "ab"[i].ToString()).Array[0, 60].Select(string.Concat));

    private static readonly Gen<string[]> _stops = Gen.OneOf(_character.Array[1, 5].Select(string.Concat), Gen.Int[0, 1].Select(i => "ab"[i].ToString()).Array[1, 7].Select(string.Concat)).Array[0, 4];

    [TestMethod]
    public void Append_AnyCuts_GivesTheTextUpToTheFirstStopSequence() =>
        Gen.Select(_text, _stops, Gen.Int[0, 1000].Array[0, 80]).Sample((text, stops, cuts) => Streams(Encoding.UTF8.GetBytes(text), stops, cuts), iter: 3000);

    /// <summary>Bytes that are no text come out as they do when decoded in one go.</summary>
    [TestMethod]
    public void Append_AnyBytes_GivesWhatDecodingAllGives() =>
        Gen.Select(Gen.OneOf(Gen.Byte, Gen.Byte[0x80, 0xF4]).Array[0, 30], Gen.Int[0, 1000].Array[0, 40]).Sample((bytes, cuts) => Streams(bytes, ["\uFFFD\uFFFD\uFFFD"], cuts) && Streams(bytes, [], cuts), iter: 3000);

    private static bool Streams(byte[] bytes, string[] stops, int[] cuts)
    {
        var (expected, isStopped) = CutAtFirst(Encoding.UTF8.GetString(bytes), stops);
        var tokenizer = PieceTokenizer.Cut(bytes, cuts);
        var answer = new AnswerText(tokenizer, stops);
        var given = new StringBuilder();
        var decoder = Encoding.UTF8.GetDecoder();
        var decoded = "";
        for (var token = 0; token < tokenizer.VocabularySize; token++)
        {
            given.Append(answer.Append(token));
            var characters = new char[tokenizer.GetBytes(token).Length + 3];
            decoded += new string(characters, 0, decoder.GetChars(tokenizer.GetBytes(token), characters, flush: false));

            // Nothing more is held back than what may become a stop sequence.
            if (!answer.IsStopped && given.ToString() != decoded[..^Pending(decoded, stops)]) return false;
        }

        given.Append(answer.Complete());
        return given.ToString() == expected && answer.IsStopped == isStopped;
    }

    private static (string Text, bool IsStopped) CutAtFirst(string text, string[] stops)
    {
        for (var end = 1; end <= text.Length; end++)
        {
            var length = stops.Where(stop => text.AsSpan(0, end).EndsWith(stop, StringComparison.Ordinal)).Select(stop => stop.Length).DefaultIfEmpty().Max();
            if (length > 0) return (text[..(end - length)], true);
        }

        return (text, false);
    }

    private static int Pending(string text, string[] stops)
    {
        for (var length = text.Length; length > 0; length--)
        {
            if (stops.Any(stop => stop.AsSpan().StartsWith(text.AsSpan(text.Length - length), StringComparison.Ordinal))) return length;
        }

        return 0;
    }
}
