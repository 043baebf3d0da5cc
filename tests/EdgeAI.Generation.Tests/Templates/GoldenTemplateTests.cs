using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Templates;

[TestClass]
public sealed class GoldenTemplateTests
{
    private static readonly JsonObject[] _toolMessages = [Message("system", "You are a helpful assistant."), Message("user", "What is 2+2?")];

    [TestMethod]
    [DataRow("qwen3")]
    [DataRow("llama3")]
    public void Render_EveryGoldenConversation_IsTheSame(string name)
    {
        var golden = Golden.Require(name)["templates"]!.AsArray();
        var template = ChatTemplateFiles.TryLoad(Vocabularies.Require(name))!;
        foreach (var entry in golden)
        {
            var messages = entry!["messages"]?.AsArray().Select(message => message!.AsObject()).ToArray() ?? _toolMessages;
            var tools = entry["tools"]?.AsArray().Select(tool => tool!.AsObject()).ToArray();
            Assert.AreEqual(entry["text"]!.GetValue<string>(), template.Render(messages, tools, entry["addGenerationPrompt"]!.GetValue<bool>()));
        }

        Assert.HasCount(7, golden);
        Assert.IsTrue(golden.Any(entry => entry!["tools"] is not null));
    }

    [TestMethod]
    public void TryLoad_GoldenVocabularyWithoutTemplate_ThereIsNone()
    {
        var golden = Golden.Require("llama2")["templates"]!.AsArray();

        Assert.HasCount(7, golden);
        Assert.IsTrue(golden.All(entry => entry!["error"]!.GetValue<string>().Contains("chat_template is not set", StringComparison.Ordinal)));
        Assert.IsNull(ChatTemplateFiles.TryLoad(Vocabularies.Require("llama2")));
    }

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };
}
