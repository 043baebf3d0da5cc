using System.Runtime.InteropServices;

namespace EdgeAI.Generation.Tests;

/// <summary>Reads what a GGUF file holds.</summary>
[TestClass]
public sealed class GgufTests
{
    [TestMethod]
    [DataRow(2u, 32u)]
    [DataRow(3u, 32u)]
    [DataRow(3u, 64u)]
    [DataRow(3u, 8u)]
    public void Open_EachVersionAndAlignment_GivesTheTensors(uint version, uint alignment)
    {
        var values = Enumerable.Range(0, 64).Select(i => (float)i).ToArray();
        using var model = GgufModel.Open(GgufModel.Small(new GgufFile(version, alignment)).Add("blk.0.attn_q.weight", values, [4, 16], WeightFormat.Float16));
        var weight = model.Checkpoint.Weights["model.layers.0.self_attn.q_proj.weight"];
        CollectionAssert.AreEqual(new long[] { 4, 16 }, weight.Lengths.ToArray());
        var read = new float[32];
        weight.ReadRows(2, read);
        CollectionAssert.AreEqual(values[32..], read);
    }

    [TestMethod]
    [DataRow(WeightFormat.Float32)]
    [DataRow(WeightFormat.Float16)]
    [DataRow(WeightFormat.BFloat16)]
    [DataRow(WeightFormat.Q4_0)]
    [DataRow(WeightFormat.Q4_1)]
    [DataRow(WeightFormat.Q5_0)]
    [DataRow(WeightFormat.Q5_1)]
    [DataRow(WeightFormat.Q8_0)]
    [DataRow(WeightFormat.Q2_K)]
    [DataRow(WeightFormat.Q3_K)]
    [DataRow(WeightFormat.Q4_K)]
    [DataRow(WeightFormat.Q5_K)]
    [DataRow(WeightFormat.Q6_K)]
    [DataRow(WeightFormat.IQ4_NL)]
    [DataRow(WeightFormat.IQ4_XS)]
    public void ReadRows_EachFormat_EqualsItsDecodedRawRows(object boxed)
    {
        var format = (WeightFormat)boxed;
        var random = new Random(1);
        var bytes = new byte[format.ByteLength(3 * 512)];
        random.NextBytes(bytes);
        using var model = GgufModel.Open(GgufModel.Small().AddRaw("blk.0.ffn_up.weight", GgufFile.TypeOf(format), bytes, [3, 512]));
        var weight = model.Checkpoint.Weights["model.layers.0.mlp.up_proj.weight"];
        Assert.AreEqual(format, weight.Format);
        var row = format.ByteLength(512);
        var raw = new byte[2 * row];
        weight.ReadRaw(1, raw);
        CollectionAssert.AreEqual(bytes[(int)row..], raw);
        var (expected, read) = (new float[1024], new float[1024]);
        WeightDecoding.Decode(format, raw, expected);
        weight.ReadRows(1, read);
        CollectionAssert.AreEqual(expected, read);
        Assert.Throws<ArgumentException>(() => weight.ReadRaw(0, new byte[row - 1]));
    }

    [TestMethod]
    public void Open_MetadataOfEveryType_IsReadPast()
    {
        object[] values =
        [
            (byte)1, (sbyte)-1, (ushort)2, (short)-2, 3u, -3, 1.5f, true, "text", 4ul, -4L, 2.5,
            new byte[] { 1 }, new sbyte[] { 1, 2 }, new ushort[] { 1 }, new short[] { 1 }, new uint[] { 1 }, new[] { 1 }, new[] { 1f }, new[] { true }, new[] { "a", "" }, new ulong[] { ulong.MaxValue }, new long[] { 1 }, new[] { 1.0 },
            Array.Empty<float>(),
        ];
        var file = GgufModel.Small();
        for (var i = 0; i < values.Length; i++) file.With($"extra.{i}", values[i]);
        using var model = GgufModel.Open(file);
        Assert.AreEqual(2, (int)model.Checkpoint.Configuration["num_hidden_layers"]!);
    }

    [TestMethod]
    public void Open_LongText_IsRead()
    {
        // Longer than the reader's buffer, and followed by what must not be misplaced.
        using var model = GgufModel.Open(GgufModel.Small().With("general.description", new string('x', 200_000)).With("tokenizer.ggml.bos_token_id", 7u));
        Assert.AreEqual(7, (int)model.Checkpoint.Configuration["bos_token_id"]!);
    }

    [TestMethod]
    public void Open_Parts_HasTheTensorsOfAll()
    {
        using var folder = new TemporaryFolder();
        folder.Write("m-00001-of-00002.gguf", GgufModel.Small().With("split.count", (ushort)2).With("split.no", (ushort)0).ToBytes());
        folder.Write("m-00002-of-00002.gguf", new GgufFile().With("split.count", (ushort)2).With("split.no", (ushort)1).Add("output.weight", [1f, 2f], [2, 1]).ToBytes());
        using (var checkpoint = Checkpoint.Open(folder.PathOf("m-00001-of-00002.gguf")))
        {
            var values = new float[2];
            checkpoint.Weights["lm_head.weight"].ReadRows(0, values);
            CollectionAssert.AreEqual(new[] { 1f, 2f }, values);
            Assert.IsFalse((bool)checkpoint.Configuration["tie_word_embeddings"]!);
        }

        File.Move(folder.PathOf("m-00001-of-00002.gguf"), folder.PathOf("other.gguf"));
        StringAssert.Contains(Assert.ThrowsExactly<ModelLoadException>(() => Checkpoint.Open(folder.PathOf("other.gguf")).Dispose()).Message, "one of 2 parts");
    }

    [TestMethod]
    public void ReadRows_Gemma2Norm_HasTheConvertersOneTakenAway()
    {
        using var model = GgufModel.Open(GgufModel.Small("gemma2").Add("blk.0.attn_norm.weight", [1f, 1.5f], [2]).Add("blk.0.ffn_up.weight", [1f, 1.5f], [1, 2]));
        var (norm, projection) = (new float[2], new float[2]);
        model.Checkpoint.Weights["model.layers.0.input_layernorm.weight"].ReadRows(0, norm);
        model.Checkpoint.Weights["model.layers.0.mlp.up_proj.weight"].ReadRows(0, projection);
        CollectionAssert.AreEqual(new[] { 0f, 0.5f }, norm);
        CollectionAssert.AreEqual(new[] { 1f, 1.5f }, projection);
        var raw = new byte[8];
        model.Checkpoint.Weights["model.layers.0.input_layernorm.weight"].ReadRaw(0, raw);
        CollectionAssert.AreEqual(norm, MemoryMarshal.Cast<byte, float>(raw).ToArray());
    }

    [TestMethod]
    [DataRow("llama", "blk.11.ffn_norm.weight", "model.layers.11.post_attention_layernorm.weight")]
    [DataRow("llama", "blk.0.attn_output.weight", "model.layers.0.self_attn.o_proj.weight")]
    [DataRow("qwen2", "blk.0.attn_k.bias", "model.layers.0.self_attn.k_proj.bias")]
    [DataRow("qwen3", "blk.0.attn_q_norm.weight", "model.layers.0.self_attn.q_norm.weight")]
    [DataRow("phi3", "blk.0.attn_qkv.weight", "model.layers.0.self_attn.qkv_proj.weight")]
    [DataRow("phi3", "blk.0.ffn_up.weight", "model.layers.0.mlp.gate_up_proj.weight")]
    [DataRow("gemma2", "blk.0.ffn_norm.weight", "model.layers.0.pre_feedforward_layernorm.weight")]
    [DataRow("gemma2", "blk.0.post_attention_norm.weight", "model.layers.0.post_attention_layernorm.weight")]
    [DataRow("gemma2", "blk.0.post_ffw_norm.weight", "model.layers.0.post_feedforward_layernorm.weight")]
    [DataRow("llama", "output_norm.weight", "model.norm.weight")]
    [DataRow("llama", "output.weight", "lm_head.weight")]
    [DataRow("llama", "blk.0.ffn_gate_exps.weight", "blk.0.ffn_gate_exps.weight")]
    [DataRow("llama", "blk.0", "blk.0")]
    [DataRow("llama", "something", "something")]
    public void Translate_KnownAndUnknownNames_GivesHuggingFaceNames(string architecture, string name, string expected) => Assert.AreEqual(expected, GgufNames.Translate(name, architecture));
}
