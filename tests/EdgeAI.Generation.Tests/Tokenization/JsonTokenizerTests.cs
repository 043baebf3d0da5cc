using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace EdgeAI.Generation.Tests.Tokenization;

[TestClass]
public sealed class JsonTokenizerTests
{
    private const int ByteTokens = 3;
    private static readonly ITokenizer _bytes = SmallTokenizers.Load(SmallTokenizers.ByteLevel("h e", "l l", "he ll", "Ġ w", "a a", "aa aa"));

    [TestMethod]
    public void Encode_ByteLevel_MergesInOrderOfRank()
    {
        CollectionAssert.AreEqual(new[] { 258, 'o', 259 }, _bytes.Encode("hello w").ToArray());
        CollectionAssert.AreEqual(new[] { 261, 'a' }, _bytes.Encode("aaaaa").ToArray());
    }

    [TestMethod]
    public void Decode_ByteLevelEncodedText_GivesItBack() => Gen.String.Sample(text =>
    {
        var ids = _bytes.Encode(text);
        var wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        Assert.AreEqual(wellFormed, _bytes.Decode([.. ids]));
        Assert.AreEqual(wellFormed, Encoding.UTF8.GetString(ids.SelectMany(id => _bytes.GetBytes(id).ToArray()).ToArray()));
    });

    [TestMethod]
    public void Decode_HalfACharacter_IsReplaced() => Assert.AreEqual("a\uFFFD", _bytes.Decode(['a', 0xE4, 0xB8]));

    [TestMethod]
    public void Encode_LoneSurrogate_CountsAsReplacement() => CollectionAssert.AreEqual(new[] { 0xEF, 0xBF, 0xBD, 'x' }, _bytes.Encode("\uD83Dx").ToArray());

    [TestMethod]
    public void Encode_SentencePiece_FallsBackToBytes()
    {
        var tokenizer = SmallTokenizers.Load(SmallTokenizers.SentencePiece());

        CollectionAssert.AreEqual(new[] { 1, 263, 259, ByteTokens + 0xC3, ByteTokens + 0xA9 }, tokenizer.Encode("ab é").ToArray());
        Assert.AreEqual("ab é", tokenizer.Decode([263, 259, ByteTokens + 0xC3, ByteTokens + 0xA9]));
        Assert.AreEqual("ab\uFFFD", tokenizer.Decode([263, ByteTokens + 0xC3]));
    }

    [TestMethod]
    public void GetBytes_SentencePiece_KeepsSpacesAndBytes()
    {
        var tokenizer = SmallTokenizers.Load(SmallTokenizers.SentencePiece());

        CollectionAssert.AreEqual(" ab"u8.ToArray(), tokenizer.GetBytes(263).ToArray());
        CollectionAssert.AreEqual(new byte[] { 0xC3 }, tokenizer.GetBytes(ByteTokens + 0xC3).ToArray());
        Assert.IsTrue(tokenizer.GetBytes(1).IsEmpty);
        Assert.IsTrue(tokenizer.GetBytes(-1).IsEmpty);
        Assert.IsTrue(tokenizer.GetBytes(tokenizer.VocabularySize).IsEmpty);
    }

    [TestMethod]
    public void Encode_SpecialTokensInText_AreParsedOnlyWhereAskedFor()
    {
        var tokenizer = SmallTokenizers.Load(SmallTokenizers.SentencePiece());

        CollectionAssert.AreEqual(new[] { 263, 2 }, tokenizer.Encode("ab</s>", addSpecialTokens: false).ToArray());
        Assert.DoesNotContain(2, tokenizer.Encode("ab</s>", addSpecialTokens: false, parseSpecialTokens: false));
        Assert.AreEqual("ab", tokenizer.Decode([263, 2], skipSpecialTokens: true));
        Assert.AreEqual("ab</s>", tokenizer.Decode([263, 2]));
    }

    [TestMethod]
    public void Encode_AddedTokens_FollowTheirRules()
    {
        var json = SmallTokenizers.ByteLevel();
        json["added_tokens"] = new JsonArray(
            new JsonObject { ["id"] = 300, ["content"] = "<a>", ["lstrip"] = true, ["rstrip"] = true },
            new JsonObject { ["id"] = 301, ["content"] = "<a>b" },
            new JsonObject { ["id"] = 302, ["content"] = "one", ["single_word"] = true });
        var tokenizer = SmallTokenizers.Load(json);

        CollectionAssert.AreEqual(new[] { 'x', 300, 'y' }, tokenizer.Encode("x \n<a> y").ToArray());
        CollectionAssert.AreEqual(new[] { 301 }, tokenizer.Encode("<a>b").ToArray());
        CollectionAssert.AreEqual(new[] { 302, ' ' }, tokenizer.Encode("one ").ToArray());
        Assert.DoesNotContain(302, tokenizer.Encode("bone ones"));
    }

    [TestMethod]
    [DataRow("ab", new[] { 5 })]
    [DataRow("abab", new[] { 1, 6 })]
    [DataRow("ab xx", new[] { 5, 1, 0 })]
    public void Encode_Unigram_TakesTheMostProbableCut(string text, int[] expected)
    {
        var tokenizer = SmallTokenizers.Load(SmallTokenizers.Unigram());

        CollectionAssert.AreEqual(expected, tokenizer.Encode(text).ToArray());
    }

    [TestMethod]
    public void Decode_Metaspace_DropsTheSpaceThatWasAdded() => Assert.AreEqual("ab ab", SmallTokenizers.Load(SmallTokenizers.Unigram()).Decode([5, 5]));

    [TestMethod]
    public void Encode_IgnoresMerges_TakesAWholeWord()
    {
        var json = SmallTokenizers.ByteLevel();
        json["model"]!["vocab"]!["word"] = 256;
        json["model"]!["ignore_merges"] = true;

        CollectionAssert.AreEqual(new[] { 256 }, SmallTokenizers.Load(json).Encode("word").ToArray());
    }

    [TestMethod]
    public void Encode_PatternThatNeedsExponentialTime_EndsWithAnError()
    {
        var json = SmallTokenizers.ByteLevel();
        json["pre_tokenizer"] = JsonNode.Parse("""{"type":"Split","behavior":"Isolated","invert":false,"pattern":{"Regex":"(?:a|aa)+$"}}""");
        var tokenizer = SmallTokenizers.Load(json);

        var error = Assert.Throws<InvalidInputException>(() => tokenizer.Encode(new string('a', 60) + "b"));

        StringAssert.Contains(error.Message, "pattern");
    }

    [TestMethod]
    public void Encode_FromManyThreads_GivesTheSame()
    {
        var texts = Enumerable.Range(0, 200).Select(i => string.Concat(Enumerable.Repeat($"hello w{i} aaaa ", i))).ToArray();
        var expected = texts.Select(text => _bytes.Encode(text).ToArray()).ToArray();

        Parallel.For(0, 400, i => CollectionAssert.AreEqual(expected[i % 200], _bytes.Encode(texts[i % 200]).ToArray()));
    }
}
