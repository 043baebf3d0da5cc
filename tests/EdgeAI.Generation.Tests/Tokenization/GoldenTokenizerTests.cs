namespace EdgeAI.Generation.Tests.Tokenization;

[TestClass]
public sealed class GoldenTokenizerTests
{
    [TestMethod]
    [DataRow("qwen3")]
    [DataRow("llama3")]
    [DataRow("llama2")]
    public void EncodeAndDecode_EveryGoldenString_IsTheSame(string name)
    {
        var golden = Golden.Require(name);
        var tokenizer = TokenizerFiles.TryLoad(Vocabularies.Require(name))!;
        var cases = golden["cases"]!.AsArray();
        foreach (var entry in cases)
        {
            var text = entry!["text"]!.GetValue<string>();
            var ids = Golden.Ids(entry["ids"]);
            CollectionAssert.AreEqual(ids, tokenizer.Encode(text, addSpecialTokens: false).ToArray(), text);
            CollectionAssert.AreEqual(Golden.Ids(entry["withSpecial"]), tokenizer.Encode(text).ToArray(), text);
            Assert.AreEqual(entry["decoded"]!.GetValue<string>(), tokenizer.Decode(ids), text);
        }

        Assert.HasCount(60, cases);
    }
}
