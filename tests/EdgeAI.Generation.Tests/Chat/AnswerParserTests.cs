using System.Text;
using CsCheck;

namespace EdgeAI.Generation.Tests.Chat;

[TestClass]
public sealed class AnswerParserTests
{
    private static readonly HashSet<string> _tools = ["weather", "time"];

    [TestMethod]
    [DataRow("Hello.", "Hello.")]
    [DataRow("  Hello.", "  Hello.")]
    [DataRow("a < b, <tool", "a < b, <tool")]
    [DataRow("{\"name\": \"Ada\"}", "{\"name\": \"Ada\"}")]
    [DataRow("{\"city\": 1}", "{\"city\": 1}")]
    [DataRow("[1, 2]", "[1, 2]")]
    [DataRow("```csharp\nvar x = 1;\n```", "```csharp\nvar x = 1;\n```")]
    [DataRow("<think>\nHm.\n\nSo.\n</think>\n\nHello.", "(Hm.\n\nSo.)Hello.")]
    [DataRow("<think>\n\n</think>\n\nHello.", "Hello.")]
    [DataRow("<think>no end", "(no end)")]
    [DataRow("I <think> so", "I <think> so")]
    [DataRow("Wait.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Köln\"}}\n</tool_call>", "Wait.\n[weather {\"city\": \"Köln\"}]")]
    [DataRow("<tool_call>{\"name\":\"a\",\"arguments\":{}}</tool_call>\n<tool_call>{\"name\":\"b\",\"arguments\":{\"x\":1}}</tool_call>", "[a {}][b {\"x\":1}]")]
    [DataRow("<tool_call>{\"name\":\"a\",\"arguments\":{\"x\":\"</tool_call>\"}}</tool_call> done", "[a {\"x\":\"</tool_call>\"}]done")]
    [DataRow("<tool_call>{\"name\":\"a\",\"arguments\":\"{\\\"x\\\":1}\"}", "[a {\"x\":1}]")]
    [DataRow("<tool_call>not json</tool_call> text", "<tool_call>not json</tool_call> text")]
    [DataRow("<tool_call>{\"name\":\"a\",", "<tool_call>{\"name\":\"a\",")]
    [DataRow("<think>\nHm.\n</think>\n\n<tool_call>{\"name\":\"a\"}</tool_call>", "(Hm.)[a {}]")]
    [DataRow("[TOOL_CALLS] [{\"name\": \"a\", \"arguments\": {}}, {\"name\": \"b\", \"arguments\": {\"y\": [1]}}]", "[a {}][b {\"y\": [1]}]")]
    [DataRow("[TOOL_CALLS]a[ARGS]{\"x\": 1}[TOOL_CALLS]b{\"y\": 2}", "[a {\"x\": 1}][b {\"y\": 2}]")]
    [DataRow("<|python_tag|>{\"type\": \"function\", \"name\": \"weather\", \"parameters\": {\"city\": \"Rome\"}}", "[weather {\"city\": \"Rome\"}]")]
    [DataRow("{\"name\": \"weather\", \"parameters\": {\"city\": \"Rome\"}}", "[weather {\"city\": \"Rome\"}]")]
    [DataRow("{\"name\": \"weather\", \"parameters\": {}}; {\"name\": \"time\", \"parameters\": {}}", "[weather {}][time {}]")]
    [DataRow("{\"type\": \"function\", \"function\": {\"name\": \"time\", \"arguments\": {}}}", "[time {}]")]
    [DataRow("```json\n{\"name\": \"time\", \"arguments\": {}}\n```", "[time {}]")]
    [DataRow("{\"name\": \"time\", \"arguments\": {", "{\"name\": \"time\", \"arguments\": {")]
    [DataRow("<function=time>{\"zone\": \"CET\"}</function>", "[time {\"zone\": \"CET\"}]")]
    [DataRow("<|tool_call|>[{\"name\": \"time\", \"arguments\": {}}]<|/tool_call|>", "[time {}]")]
    public void Append_AnswerCutAnywhere_GivesTheSameParts(string answer, string expected)
    {
        Assert.AreEqual(expected, Parse(answer, answer.Length));
        for (var length = 1; length < 8; length++) Assert.AreEqual(expected, Parse(answer, length), $"in pieces of {length}");
    }

    [TestMethod]
    public void Append_TextWithoutMarks_IsNeverHeldBack()
    {
        const string Answer = "Plain text, with {braces} and [brackets].";
        var parser = new AnswerParser(new AnswerSyntax(_tools));
        var parts = new List<AnswerPart>();
        for (var i = 0; i < Answer.Length; i++)
        {
            parser.Append(Answer[i..(i + 1)], parts);

            // A bracket alone may begin a mark.
            Assert.AreEqual(Answer[..(i + 1)].TrimEnd('['), string.Concat(parts.Select(part => part.Text)));
        }
    }

    [TestMethod]
    public void Append_ObjectThatIsNoCall_IsLetGoAtItsFirstName()
    {
        var parser = new AnswerParser(new AnswerSyntax(_tools));
        var parts = new List<AnswerPart>();

        parser.Append("{\"city\"", parts);
        Assert.IsEmpty(parts);
        parser.Append(":", parts);

        Assert.AreEqual("{\"city\":", parts.Single().Text);
    }

    [TestMethod]
    [DataRow("<tool_call>{\"name\":\"a\"}</tool_call>")]
    [DataRow("{\"name\": \"weather\", \"parameters\": {}}")]
    [DataRow("[TOOL_CALLS] []")]
    public void Append_NoTools_ReadsNothingAsACall(string answer)
    {
        var parser = new AnswerParser(new AnswerSyntax(new HashSet<string>()));
        var parts = new List<AnswerPart>();

        parser.Append(answer, parts);

        Assert.AreEqual(answer, parts.Single().Text);
    }

    [TestMethod]
    public void Append_PromptOpenedTheThought_BeginsInIt()
    {
        var parser = new AnswerParser(new AnswerSyntax(_tools, StartsInReasoning: true));
        var parts = new List<AnswerPart>();

        parser.Append("Hm.\n</think>\n\nYes.", parts);

        CollectionAssert.AreEqual(new[] { new AnswerPart("Hm.", IsReasoning: true), new AnswerPart("Yes.") }, parts);
    }

    [TestMethod]
    public void Append_AnyTextInAnyPieces_LosesNothing() =>
        Gen.Select(OneOf("<tool_call>", "</tool_call>", "<", "think>", "{", "\"name\"", ":", "\"x\"", "}", " ", "\n", "a", "[TOOL_CALLS]", "[", "```", "json", "é").Array[0, 12], Gen.Int[1, 5])
            .Sample((pieces, length) =>
            {
                var answer = "x" + string.Concat(pieces);

                // Nothing here is a whole call: every character must come out.
                return Parse(answer, length) == answer;
            });

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    /// <summary>Thoughts in parentheses, calls in brackets.</summary>
    private static string Parse(string answer, int length)
    {
        var parser = new AnswerParser(new AnswerSyntax(_tools));
        var parts = new List<AnswerPart>();
        for (var at = 0; at < answer.Length; at += length) parser.Append(answer.Substring(at, Math.Min(length, answer.Length - at)), parts);
        parser.Complete(parts);

        var text = new StringBuilder();
        var thought = new StringBuilder();
        foreach (var part in parts)
        {
            if (part.IsReasoning)
            {
                thought.Append(part.Text);
                continue;
            }

            Flush();
            text.Append(part.Call is { } call ? $"[{call.Name} {call.Arguments.GetRawText()}]" : part.Text);
        }

        Flush();
        return text.ToString();

        void Flush()
        {
            if (thought.Length > 0) text.Append('(').Append(thought).Append(')');
            thought.Clear();
        }
    }
}
