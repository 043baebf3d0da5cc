using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Templates;

[TestClass]
public sealed class ChatTemplateFilesTests
{
    private static readonly JsonObject[] _conversation = [new() { ["role"] = "user", ["content"] = "hi" }];

    [TestMethod]
    public void TryLoad_FolderWithoutTemplate_GivesNone()
    {
        using var folder = new TemporaryFolder().With("tokenizer_config.json", """{"bos_token":"<s>"}""");

        Assert.IsNull(ChatTemplateFiles.TryLoad(folder.Path));
    }

    [TestMethod]
    public void TryLoad_TemplateFileBesideConfiguration_Wins()
    {
        using var folder = new TemporaryFolder().With("tokenizer_config.json", """{"chat_template":"config","eos_token":{"content":"</s>"}}""").With("chat_template.jinja", "file{{ eos_token }}{{ bos_token is defined }}");

        Assert.AreEqual("file</s>False", ChatTemplateFiles.TryLoad(folder.Path)!.Render(_conversation));
    }

    [TestMethod]
    public void TryLoad_NamedTemplates_ToolsHaveTheirOwn()
    {
        using var folder = new TemporaryFolder().With("tokenizer_config.json", """{"chat_template":[{"name":"default","template":"plain"},{"name":"tool_use","template":"tools"}]}""");
        var template = ChatTemplateFiles.TryLoad(folder.Path)!;

        Assert.AreEqual("plain", template.Render(_conversation));
        Assert.AreEqual("tools", template.Render(_conversation, [[]]));
    }

    [TestMethod]
    public void TryLoad_NamedTemplatesWithoutDefault_AreRefused()
    {
        using var folder = new TemporaryFolder().With("tokenizer_config.json", """{"chat_template":[{"name":"other","template":"plain"}]}""");

        StringAssert.Contains(Assert.Throws<ModelLoadException>(() => ChatTemplateFiles.TryLoad(folder.Path)).Message, "default");
    }

    [TestMethod]
    [DataRow("<|im_start|> <|im_end|>", "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n")]
    [DataRow("<|start_header_id|> <|end_header_id|> <|eot_id|>", "<B><|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [DataRow("<start_of_turn> <end_of_turn>", "<B><start_of_turn>user\nhi<end_of_turn>\n<start_of_turn>model\n")]
    [DataRow("<|user|> <|assistant|> <|end|>", "<|user|>\nhi<|end|>\n<|assistant|>\n")]
    public void TryLoad_TokensOfOneFormat_GiveItsTemplate(string tokens, string expected)
    {
        var added = new JsonObject();
        foreach (var token in tokens.Split(' ')) added[added.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new JsonObject { ["content"] = token };
        using var folder = new TemporaryFolder().With("tokenizer_config.json", new JsonObject { ["bos_token"] = "<B>", ["added_tokens_decoder"] = added }.ToJsonString());

        Assert.AreEqual(expected, ChatTemplateFiles.TryLoad(folder.Path)!.Render(_conversation));
    }
}
