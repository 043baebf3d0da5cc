using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Tokenization;

[TestClass]
public sealed class TokenizerFilesTests
{
    [TestMethod]
    public void TryLoad_FolderWithoutTokenizer_GivesNone()
    {
        using var folder = new TemporaryFolder();

        Assert.IsNull(TokenizerFiles.TryLoad(folder.Path));
    }

    [TestMethod]
    [DataRow("{", "not a JSON file")]
    [DataRow("[]", "not an object")]
    [DataRow("{}", "'model' is missing")]
    [DataRow("""{"model":{"type":"Magic"}}""", "'Magic'")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}""", "'model.vocab'")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":2147483647},"merges":[]}}""", "'model.vocab'")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}""", "'b', which is not in the vocabulary")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a"]}}""", "not a pair")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"\ud800":0},"merges":[]}}""", "no valid text")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1}}""", "dropout")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[],"unk_token":"u"}}""", "unknown token 'u'")]
    [DataRow("""{"model":{"type":"Unigram","vocab":[["a",-1]],"unk_id":5}}""", "unk_id")]
    [DataRow("""{"model":{"type":"Unigram","vocab":[["a"]]}}""", "score")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"normalizer":{"type":"Nmt"}}""", "normalizer 'Nmt'")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"normalizer":{"type":"Precompiled","precompiled_charsmap":"AAAA"}}""", "character map")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"pre_tokenizer":{"type":"UnicodeScripts"}}""", "pre-tokenizer 'UnicodeScripts'")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"pre_tokenizer":{"type":"Split","behavior":"Isolated","pattern":{"Regex":"(a)\\1"}}}""", @"'\1'")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"pre_tokenizer":{"type":"Split","behavior":"Isolated","pattern":{"Regex":"\\p{Thai}"}}}""", "Thai")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"pre_tokenizer":{"type":"Split","behavior":"Isolated","pattern":{"Regex":"(a"}}}""", "parenthesis")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"post_processor":{"type":"Other"}}""", "post-processor 'Other'")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"decoder":{"type":"CTC"}}""", "decoder 'CTC'")]
    [DataRow("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"added_tokens":[{"id":99999999,"content":"x"}]}""", "added_tokens")]
    public void TryLoad_WhatCannotBeUsed_IsNamed(string json, string named)
    {
        using var folder = new TemporaryFolder().With("tokenizer.json", json);

        var error = Assert.Throws<ModelLoadException>(() => TokenizerFiles.TryLoad(folder.Path));

        StringAssert.Contains(error.Message, named);
    }

    [TestMethod]
    public void TryLoad_NestedDeep_IsRefused()
    {
        var normalizer = string.Concat(Enumerable.Repeat("""{"type":"Sequence","normalizers":[""", 25)) + string.Concat(Enumerable.Repeat("]}", 25));
        using var folder = new TemporaryFolder().With("tokenizer.json", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]},\"normalizer\":" + normalizer + "}");

        StringAssert.Contains(Assert.Throws<ModelLoadException>(() => TokenizerFiles.TryLoad(folder.Path)).Message, "deeper");
    }

    [TestMethod]
    public void EndTokens_GenerationConfigAndTokenizerConfig_AreJoined()
    {
        using var folder = new TemporaryFolder().With("tokenizer.json", SmallTokenizers.SentencePiece().ToJsonString())
            .With("tokenizer_config.json", """{"bos_token":"<s>","eos_token":{"content":"</s>"}}""")
            .With("generation_config.json", """{"eos_token_id":[7,2]}""")
            .With("genai_config.json", """{"model":{"eos_token_id":9}}""");

        var tokenizer = TokenizerFiles.TryLoad(folder.Path)!;

        Assert.AreEqual(1, tokenizer.BeginOfSequence);
        CollectionAssert.AreEquivalent(new[] { 7, 2, 9 }, tokenizer.EndTokens.ToArray());
    }

    [TestMethod]
    public void EndTokens_FolderThatDoesNotSay_AreThoseThatEndTurns()
    {
        var json = SmallTokenizers.ByteLevel();
        json["added_tokens"] = new JsonArray(new JsonObject { ["id"] = 256, ["content"] = "<|im_end|>", ["special"] = true });

        CollectionAssert.AreEqual(new[] { 256 }, SmallTokenizers.Load(json).EndTokens.ToArray());
    }

    [TestMethod]
    public void Encode_ConfigurationSaysNoBegin_AddsNone()
    {
        var tokenizer = SmallTokenizers.Load(SmallTokenizers.SentencePiece(), """{"tokenizer_class":"LlamaTokenizer","bos_token":"<s>","eos_token":"</s>","add_bos_token":false,"add_eos_token":true}""");

        Assert.AreEqual(2, tokenizer.Encode("ab")[^1]);
        Assert.AreNotEqual(1, tokenizer.Encode("ab")[0]);
    }
}
