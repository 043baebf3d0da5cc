using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace EdgeAI.Generation.Tests;

/// <summary>Vocabularies of GGUF files, written as tokenizer.json and read back by the tokenizer.</summary>
[TestClass]
public sealed class GgufVocabularyTests
{
    [TestMethod]
    [DataRow("qwen3", "qwen2")]
    [DataRow("llama3", "llama-bpe")]
    [DataRow("llama2", null)]
    public void WriteTokenizerFiles_PublishedVocabulary_TokenizesAsTheOriginal(string name, string? preTokenizer)
    {
        var golden = Golden.Require(name);
        var source = JsonNode.Parse(File.ReadAllText(Path.Combine(Vocabularies.Require(name), "tokenizer.json")))!;
        using var output = Write(Convert(source, preTokenizer).With("tokenizer.ggml.add_bos_token", name == "llama2"));
        var tokenizer = TokenizerFiles.TryLoad(output.Path)!;
        foreach (var entry in golden["cases"]!.AsArray())
        {
            var text = entry!["text"]!.GetValue<string>();
            var ids = Golden.Ids(entry["ids"]);
            CollectionAssert.AreEqual(ids, tokenizer.Encode(text, addSpecialTokens: false).ToArray(), text);
            CollectionAssert.AreEqual(Golden.Ids(entry["withSpecial"]), tokenizer.Encode(text).ToArray(), text);
            Assert.AreEqual(entry["decoded"]!.GetValue<string>(), tokenizer.Decode(ids), text);
        }

        // Merges come out as published, also where they had to be derived from scores.
        var written = JsonNode.Parse(File.ReadAllText(output.PathOf("tokenizer.json")))!["model"]!["merges"]!.AsArray();
        CollectionAssert.AreEqual(MergesOf(source), written.Select(merge => $"{merge![0]} {merge[1]}").ToArray());
    }

    [TestMethod]
    public void WriteTokenizerFiles_SentencePiece_MergesByScoreAndFallsBackToBytes()
    {
        using var output = Write(SentencePiece());
        var tokenizer = TokenizerFiles.TryLoad(output.Path)!;

        // "bc" has the better score: a is left over though "ab" comes first.
        CollectionAssert.AreEqual(new[] { 1, Id("▁"), Id("a"), Id("bc") }, tokenizer.Encode("abc").ToArray());
        CollectionAssert.AreEqual(new[] { 1, Id("▁"), 3 + 0xC3, 3 + 0xA9 }, tokenizer.Encode("é").ToArray());
        Assert.AreEqual("abc é", tokenizer.Decode([.. tokenizer.Encode("abc é", addSpecialTokens: false)]));
        CollectionAssert.AreEqual(new[] { Id("▁"), Id("a"), 2 }, tokenizer.Encode("a</s>", addSpecialTokens: false).ToArray());
        Assert.AreEqual(1, tokenizer.BeginOfSequence);
        Assert.Contains(2, tokenizer.EndTokens);
    }

    [TestMethod]
    public void WriteTokenizerFiles_NoSpacePrefixAndEnd_AreObeyed()
    {
        using var output = Write(SentencePiece().With("tokenizer.ggml.add_space_prefix", false).With("tokenizer.ggml.add_bos_token", false).With("tokenizer.ggml.add_eos_token", true));
        var tokenizer = TokenizerFiles.TryLoad(output.Path)!;
        CollectionAssert.AreEqual(new[] { Id("a"), Id("▁"), Id("a"), 2 }, tokenizer.Encode("a a").ToArray());
    }

    [TestMethod]
    public void WriteTokenizerFiles_ByteLevel_KeepsControlTokensOutOfPlainText()
    {
        using var output = Write(ByteLevel("gpt-2").With("tokenizer.chat_template", "{{ messages }}"));
        var tokenizer = TokenizerFiles.TryLoad(output.Path)!;
        CollectionAssert.AreEqual(new[] { 2, 3 }, tokenizer.Encode("ab<x>").ToArray());
        CollectionAssert.AreEqual(new[] { 2, 4, 5, 6 }, tokenizer.Encode("ab<x>", parseSpecialTokens: false).ToArray());
        var config = JsonNode.Parse(File.ReadAllText(output.PathOf("tokenizer_config.json")))!;
        Assert.AreEqual("{{ messages }}", (string)config["chat_template"]!);
        Assert.AreEqual("<x>", (string)config["eos_token"]!);
    }

    [TestMethod]
    [DataRow("smollm", "a12", "a|1|2")]
    [DataRow("gpt-2", "a12", "a|12")]
    [DataRow("default", "a1234", "a|123|4")]
    [DataRow("llama-bpe", "a1234", "a|123|4")]
    [DataRow("qwen2", "a12", "a|1|2")]
    [DataRow("tekken", "aBc 12", "a|Bc|_|1|2")]
    [DataRow("gpt-4o", "aB's 123", "a|B's|_|123")]
    public void WriteTokenizerFiles_EachPreTokenizer_SplitsItsWay(string name, string text, string expected)
    {
        // Each part of the text is a token by merges, so that only the split keeps neighbours apart.
        using var output = Write(Chain(name, text.Replace(' ', '\u0120')));
        var tokenizer = TokenizerFiles.TryLoad(output.Path)!;
        var parts = tokenizer.Encode(text, addSpecialTokens: false).Select(id => tokenizer.Decode([id]).Replace(' ', '_'));
        Assert.AreEqual(expected, string.Join('|', parts));
    }

    [TestMethod]
    public void WriteTokenizerFiles_Phi3_StripsSpaceAfterSpecialTokens()
    {
        using var output = Write(SentencePiece(new GgufFile(), "phi3"));
        var added = JsonNode.Parse(File.ReadAllText(output.PathOf("tokenizer.json")))!["added_tokens"]!.AsArray();
        Assert.AreEqual("<unk>:False <s>:False </s>:True", string.Join(' ', added.Select(token => $"{token!["content"]}:{(bool)token["rstrip"]!}")));
    }

    [TestMethod]
    public void WriteTokenizerFiles_TwoTokensOfOneText_KeepsTheFirst()
    {
        using var output = Write(Vocabulary("gpt2", ["a", "b", "ab", "a"], [1, 1, 1, 1]).With("tokenizer.ggml.merges", new[] { "a b" }).With("tokenizer.ggml.pre", "gpt-2"));
        CollectionAssert.AreEqual(new[] { 0 }, TokenizerFiles.TryLoad(output.Path)!.Encode("a").ToArray());
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("none")]
    [DataRow("no_vocab")]
    public void WriteTokenizerFiles_NoVocabulary_WritesNothing(string? model)
    {
        using var output = Write(model is null ? GgufModel.Small() : GgufModel.Small().With("tokenizer.ggml.model", model));
        Assert.IsEmpty(output.FileNames);
    }

    public static IEnumerable<object[]> Bad =>
    [
        [GgufModel.Small().With("tokenizer.ggml.model", "rwkv"), "'rwkv'; supported are llama and gpt2"],
        [GgufModel.Small().With("tokenizer.ggml.model", "llama"), "lacks the metadata 'tokenizer.ggml.tokens'"],
        [Vocabulary("gpt2", ["a"], [1]), "lacks the metadata 'tokenizer.ggml.merges'"],
        [Vocabulary("llama", ["a"], [1, 1]), "1 tokens, 2 token types"],
        [Vocabulary("llama", ["a"], [1]).With("tokenizer.ggml.scores", new[] { 0f, 1f }), "2 scores"],
        [Vocabulary("llama", ["a"], [1]).With("tokenizer.ggml.bos_token_id", 1u), "has 1 for 'tokenizer.ggml.bos_token_id', but only 1 tokens"],
        [Vocabulary("llama", ["a"], [1]).With("tokenizer.ggml.scores", "x"), "not an array of floats"],
        [Vocabulary("gpt2", ["a"], [1]).With("tokenizer.ggml.merges", new[] { "a" }).With("tokenizer.ggml.pre", "gpt-2"), "the merge 'a'"],
        [Vocabulary("gpt2", ["a"], [1]).With("tokenizer.ggml.merges", new[] { "a a" }).With("tokenizer.ggml.pre", "bloom"), "splits text by 'bloom'"],
    ];

    [TestMethod]
    [DynamicData(nameof(Bad))]
    public void WriteTokenizerFiles_BadVocabulary_IsRefused(object file, string expected)
    {
        var error = Assert.ThrowsExactly<ModelLoadException>(() => Write((GgufFile)file).Dispose());
        StringAssert.Contains(error.Message, expected);
    }

    [TestMethod]
    [Timeout(120_000)]
    public void WriteTokenizerFiles_Mutated_IsRefusedOrWritten()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in new[] { ByteLevel("gpt-2"), Vocabulary("llama", ["<unk>", "<s>", "</s>", "<0x00>", "a", "b", "ab"], [2, 3, 3, 6, 1, 1, 1]) })
        {
            var whole = file.ToBytes();
            var written = 0;
            Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Sample(
                (i, value) =>
                {
                    var bytes = (byte[])whole.Clone();
                    bytes[i] = value;
                    var path = folder.Write("model.gguf", bytes);
                    try
                    {
                        using var checkpoint = Checkpoint.Open(path);
                        checkpoint.WriteTokenizerFiles(folder.Path);
                        written++;
                    }
                    catch (ModelLoadException)
                    {
                    }
                },
                iter: 500,
                threads: 1);
            Assert.IsInRange(10, 490, written);
        }
    }

    [TestMethod]
    [Timeout(60_000)]
    public void Derive_HugePiece_TakesNoLongTime()
    {
        // Every way to split a megabyte would take hours.
        using var output = Write(Vocabulary("llama", ["a", new string('a', 1 << 20)], [1, 1]));
        Assert.IsTrue(File.Exists(output.PathOf("tokenizer.json")));
    }

    private static TemporaryFolder Write(GgufFile file)
    {
        var output = new TemporaryFolder();
        using var model = GgufModel.Open(file);
        model.Checkpoint.WriteTokenizerFiles(output.Path);
        return output;
    }

    /// <summary>As llama.cpp's converter does. The score of a piece falls with its id, as SentencePiece trains them; runs of spaces, added later, have the lowest.</summary>
    private static GgufFile Convert(JsonNode source, string? preTokenizer)
    {
        var vocabulary = source["model"]!["vocab"]!.AsObject().ToDictionary(entry => (int)entry.Value!, entry => entry.Key);
        var added = source["added_tokens"]!.AsArray();
        foreach (var token in added) vocabulary[(int)token!["id"]!] = (string)token["content"]!;
        var texts = Enumerable.Range(0, vocabulary.Count).Select(id => vocabulary[id]).ToArray();
        var kinds = texts.Select(text => text.StartsWith("<0x", StringComparison.Ordinal) && text.Length == 6 ? 6 : 1).ToArray();
        foreach (var token in added) kinds[(int)token!["id"]!] = !(bool)token["special"]! ? 4 : (string)token["content"]! == "<unk>" ? 2 : 3;
        var file = Vocabulary(preTokenizer is null ? "llama" : "gpt2", texts, kinds);
        return preTokenizer is null
            ? file.With("tokenizer.ggml.scores", texts.Select((text, id) => text.Length > 1 && text.All(value => value == '▁') ? -1e9f : -(float)id).ToArray())
            : file.With("tokenizer.ggml.merges", MergesOf(source)).With("tokenizer.ggml.pre", preTokenizer).With("tokenizer.ggml.bos_token_id", 0u);
    }

    private static string[] MergesOf(JsonNode source) =>
        [.. source["model"]!["merges"]!.AsArray().Select(merge => merge!.GetValueKind() == JsonValueKind.String ? (string)merge! : $"{merge[0]} {merge[1]}")];

    private static readonly string[] _pieces = ["<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"), "bc", "ab", "a", "b", "c", "▁"];

    private static int Id(string piece) => Array.IndexOf(_pieces, piece);

    private static GgufFile SentencePiece(GgufFile? file = null, string architecture = "llama") =>
        Vocabulary("llama", _pieces, [2, 3, 3, .. Enumerable.Repeat(6, 256), 1, 1, 1, 1, 1, 1], file, architecture).With("tokenizer.ggml.scores", _pieces.Select((_, id) => -(float)id).ToArray());

    private static GgufFile ByteLevel(string preTokenizer) => Vocabulary("gpt2", ["a", "b", "ab", "<x>", "<", "x", ">"], [1, 1, 1, 3, 1, 1, 1])
        .With("tokenizer.ggml.merges", new[] { "a b" }).With("tokenizer.ggml.pre", preTokenizer).With("tokenizer.ggml.eos_token_id", 3u);

    /// <summary>A vocabulary with every substring of a text, each made of its first part and its last character.</summary>
    private static GgufFile Chain(string preTokenizer, string text)
    {
        var tokens = Enumerable.Range(1, text.Length).SelectMany(length => Enumerable.Range(0, text.Length - length + 1).Select(start => text.Substring(start, length))).Distinct().ToArray();
        return Vocabulary("gpt2", tokens, [.. tokens.Select(_ => 1)])
            .With("tokenizer.ggml.merges", tokens.Where(token => token.Length > 1).Select(token => $"{token[..^1]} {token[^1]}").ToArray())
            .With("tokenizer.ggml.pre", preTokenizer);
    }

    private static GgufFile Vocabulary(string model, string[] tokens, int[] kinds, GgufFile? file = null, string architecture = "llama") => GgufModel.Small(file, architecture)
        .With("tokenizer.ggml.model", model).With("tokenizer.ggml.tokens", tokens).With("tokenizer.ggml.token_type", kinds);
}
