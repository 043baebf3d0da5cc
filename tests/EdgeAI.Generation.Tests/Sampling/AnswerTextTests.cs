using System.Text;

namespace EdgeAI.Generation;

[TestClass]
public sealed class AnswerTextTests
{
    [TestMethod]
    public void Append_CharacterInSeveralTokens_ComesWithTheLast()
    {
        var bytes = Encoding.UTF8.GetBytes("a😀");

        CollectionAssert.AreEqual(new[] { "a", "", "", "😀", "" }, Stream(PieceTokenizer.Cut(bytes, [2, 3, 4]), []));
    }

    [TestMethod]
    public void Complete_CharacterIsIncomplete_GivesReplacement() =>
        CollectionAssert.AreEqual(new[] { "a", "\uFFFD" }, Stream(new PieceTokenizer([[(byte)'a', 0xF0, 0x9F]]), []));

    [TestMethod]
    public void Append_BytesThatAreNoText_GivesReplacementAtOnce() =>
        CollectionAssert.AreEqual(new[] { "\uFFFDa", "\uFFFDb", "" }, Stream(new PieceTokenizer([[0xFF, (byte)'a'], [0xC3, (byte)'b']]), []));

    [TestMethod]
    public void Append_LeadingSpace_Stays() => CollectionAssert.AreEqual(new[] { " Hello", "" }, Stream(new PieceTokenizer([Encoding.UTF8.GetBytes(" Hello")]), []));

    [TestMethod]
    [DataRow("one STOP two", "STOP", "one ", true)]
    [DataRow("one STO", "STOP", "one STO", false)]
    [DataRow("aaab", "aab", "a", true, DisplayName = "begins within itself")]
    [DataRow("STOP", "STOP", "", true)]
    [DataRow("", "STOP", "", false)]
    [DataRow("é漢😀x", "漢😀", "é", true)]
    public void Append_ByteAfterByte_CutsAtTheStopSequence(string text, string stop, string expected, bool isStopped)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var tokenizer = PieceTokenizer.Cut(bytes, Enumerable.Range(0, bytes.Length));
        var answer = new AnswerText(tokenizer, [stop]);

        Assert.AreEqual(expected, string.Concat(Stream(answer, tokenizer)));
        Assert.AreEqual(isStopped, answer.IsStopped);
    }

    [TestMethod]
    public void Append_SeveralEndTogether_TheLongestCounts()
    {
        var tokenizer = new PieceTokenizer([Encoding.UTF8.GetBytes("xabcd")]);

        Assert.AreEqual("x", string.Concat(Stream(tokenizer, ["bc", "abc", "c"])));
    }

    [TestMethod]
    public void Append_OneInsideAnother_TheOneThatEndsFirstCounts()
    {
        var tokenizer = new PieceTokenizer([Encoding.UTF8.GetBytes("xabcd")]);

        Assert.AreEqual("xa", string.Concat(Stream(tokenizer, ["abcd", "bc"])));
    }

    [TestMethod]
    public void Append_AfterTheStop_GivesNothing()
    {
        var tokenizer = new PieceTokenizer([Encoding.UTF8.GetBytes("a."), Encoding.UTF8.GetBytes("b")]);

        CollectionAssert.AreEqual(new[] { "a", "", "" }, Stream(tokenizer, ["."]));
    }

    [TestMethod]
    public void Append_SteadyStep_AllocatesNothing()
    {
        var tokenizer = new PieceTokenizer([Encoding.UTF8.GetBytes("😀 some STO"), [0xC3], [0xA9]]);
        var answer = new AnswerText(tokenizer, ["STOP", "!"]);
        Run(30);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(100);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                for (var token = 0; token < 3; token++) answer.Append(token);
            }
        }
    }

    private static string[] Stream(PieceTokenizer tokenizer, string[] stops) => Stream(new AnswerText(tokenizer, stops), tokenizer);

    private static string[] Stream(AnswerText answer, PieceTokenizer tokenizer) =>
        [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(token => answer.Append(token).ToString()), answer.Complete().ToString()];
}
