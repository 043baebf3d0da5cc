using System.Text;

namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class DecoderConfigurationFileTests
{
    private const string Whole = """
        {"model":{"type":"qwen2","context_length":32768,"vocab_size":151936,"eos_token_id":[151645,151643],
          "decoder":{"filename":"decoder.onnx","head_size":64,"num_attention_heads":14,"num_key_value_heads":2,"num_hidden_layers":24,
            "inputs":{"input_ids":"ids","past_key_names":"past.%d.k"},"outputs":{"logits":"scores"}}},"search":{"past_present_share_buffer":true}}
        """;

    [TestMethod]
    public void Parse_WholeFile_TakesNamesAndKeepsDefaultsForOthers()
    {
        var configuration = Parse(Whole);

        Assert.AreEqual("qwen2", configuration.Family);
        Assert.AreEqual("decoder.onnx", configuration.FileName);
        Assert.AreEqual("ids", configuration.InputIds);
        Assert.AreEqual("past.%d.k", configuration.PastKeys);
        Assert.AreEqual("past_key_values.%d.value", configuration.PastValues);
        Assert.AreEqual("scores", configuration.Logits);
        CollectionAssert.AreEqual(new[] { 151645, 151643 }, configuration.EndTokens.ToArray());
    }

    [TestMethod]
    public void Parse_OneEndToken_TakesTheNumber() =>
        CollectionAssert.AreEqual(new[] { 2 }, Parse(Whole.Replace("[151645,151643]", "2", StringComparison.Ordinal)).EndTokens.ToArray());

    [TestMethod]
    public void Parse_NoEndToken_HasNone() =>
        Assert.IsEmpty(Parse(Whole.Replace("\"eos_token_id\":[151645,151643],", "", StringComparison.Ordinal)).EndTokens);

    [TestMethod]
    [DataRow("{")]
    [DataRow("[]")]
    [DataRow("null")]
    public void Parse_NoJsonObject_IsRefused(string json) => Assert.ThrowsExactly<ModelLoadException>(() => Parse(json));

    [TestMethod]
    public void Parse_SeveralThingsMissing_NamesThemAll()
    {
        var error = Assert.ThrowsExactly<ModelLoadException>(() => Parse("""{"model":{"context_length":-1,"vocab_size":"many"}}"""));

        foreach (var part in new[] { "model.decoder", "context_length", "-1", "vocab_size", "many", "head_size" }) StringAssert.Contains(error.Message, part);
    }

    [TestMethod]
    [DataRow("../other/model.onnx")]
    [DataRow("/etc/passwd")]
    [DataRow("..")]
    public void Parse_FileOutsideTheFolder_IsRefused(string path) =>
        StringAssert.Contains(Assert.ThrowsExactly<ModelLoadException>(() => Parse(Whole.Replace("decoder.onnx", path, StringComparison.Ordinal))).Message, "filename");

    /// <summary>Parts that ONNX Runtime GenAI runs and this engine does not: the message names the part, whatever else may be missing.</summary>
    [TestMethod]
    [DataRow("""{"model":{"decoder":{"pipeline":[{"embeddings":{"filename":"embeds.onnx"}}]}}}""", "'model.decoder.pipeline'", "pipeline of several graphs")]
    [DataRow("""{"model":{"decoder":{"inputs":{"inputs_embeds":"inputs_embeds"}},"embedding":{},"vision":{}}}""", "'model.vision'", "a vision part")]
    [DataRow("""{"model":{"decoder":{},"embedding":{"filename":"embedding.onnx"}}}""", "'model.embedding'", "a graph of its own for the embeddings")]
    [DataRow("""{"model":{"decoder":{},"speech":{}}}""", "'model.speech'", "a speech part")]
    [DataRow("""{"model":{"decoder":{"inputs":{"cross_past_key_names":"past_key_cross_%d"}},"encoder":{}}}""", "'model.encoder'", "an encoder")]
    [DataRow("""{"model":{"decoder":{"inputs":{"block_table":"block_table"}}},"engine":{"dynamic_batching":{}}}""", "'model.decoder.inputs.block_table'", "a paged key-value cache")]
    [DataRow("""{"model":{"decoder":{"inputs":{"past_names":"past_%d"}}}}""", "'model.decoder.inputs.past_names'", "keys and values in one tensor")]
    [DataRow("""{"model":{"decoder":{"inputs":{"past_conv_names":"past_conv.%d"}}}}""", "'model.decoder.inputs.past_conv_names'", "the states of convolutions")]
    [DataRow("""{"model":{"decoder":{"inputs":{"rnn_states_prev":"rnn_states_prev"}}}}""", "'model.decoder.inputs.rnn_states_prev'", "recurrent states")]
    public void Parse_PartThatIsNotSupported_IsNamed(string json, string part, string what)
    {
        var error = Assert.ThrowsExactly<ModelLoadException>(() => Parse(json));

        Assert.Contains(part, error.Message);
        Assert.Contains(what, error.Message);
    }

    [TestMethod]
    public void Read_NoSuchFolderOrFile_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();

        StringAssert.Contains(Assert.ThrowsExactly<ModelLoadException>(() => DecoderConfigurationFile.Read(folder.PathOf("none"))).Message, "no such folder");
        StringAssert.Contains(Assert.ThrowsExactly<ModelLoadException>(() => DecoderConfigurationFile.Read(folder.Path)).Message, "edgeai build");
    }

    private static DecoderConfiguration Parse(string json) => DecoderConfigurationFile.Parse(Encoding.UTF8.GetBytes(json), "folder");
}
