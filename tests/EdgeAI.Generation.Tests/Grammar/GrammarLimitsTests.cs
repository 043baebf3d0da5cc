using System.Text;
using static EdgeAI.Generation.Tests.Grammar.Constraints;

namespace EdgeAI.Generation.Tests.Grammar;

/// <summary>Hostile schemas: refused with a typed error, or cheap.</summary>
[TestClass]
public sealed class GrammarLimitsTests
{
    public static IEnumerable<object[]> Large =>
    [
        ["enum", $$"""{"enum":[{{string.Join(',', Enumerable.Range(0, 20_000))}}]}"""],
        ["texts", $$"""{"enum":[{{string.Join(',', Enumerable.Range(0, 5_000).Select(index => $"\"{index}{new string('x', 100)}\""))}}]}"""],
        ["combinations", $$"""{"allOf":[{{string.Join(',', Enumerable.Repeat("""{"anyOf":[{"minLength":1},{"minLength":2},{"minLength":3}]}""", 20))}}]}"""],
        ["exponential pattern", """{"type":"string","pattern":"^(a|b)*a(a|b){20}$"}"""],
        ["repeated pattern", """{"type":"string","pattern":"^((a{1000}){1000}){1000}$"}"""],
        ["long pattern", $$"""{"type":"string","pattern":"{{new string('a', 5000)}}"}"""],
        ["deep pattern", $$"""{"type":"string","pattern":"{{new string('(', 1000)}}{{new string(')', 1000)}}"}"""],
        ["pattern and length", """{"type":"string","pattern":"^(a|bc){1,1000}$","minLength":3000,"maxLength":4000}"""],
        ["length", """{"type":"string","maxLength":2000000000}"""],
        ["items", """{"type":"array","minItems":1000000000}"""],
        ["divisor", """{"type":"integer","multipleOf":123456789}"""],
        ["states of a divisor", """{"type":"integer","multipleOf":9999,"minimum":1234567,"maximum":123456789012}"""],
        ["digits", $$"""{"type":"number","minimum":{{new string('9', 200)}}}"""],
        ["properties", $$$"""{"properties":{{{{string.Join(',', Enumerable.Range(0, 6_000).Select(index => $"\"p{index}\":true"))}}}}}"""],
        ["schemas", $$"""{"anyOf":[{{string.Join(',', Enumerable.Repeat("{}", 600))}}]}"""],
    ];

    [TestMethod]
    [DynamicData(nameof(Large))]
    public void Compile_LargeSchema_IsRefused(string name, string schema)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.AreEqual(GrammarErrorReason.TooLarge, Refused(schema).Reason, name);

        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) >> 20;
        Assert.IsLessThan(1_500, allocated, $"{name}: {allocated} MB allocated until refused.");
    }

    [TestMethod]
    public void Compile_ManyOptionalProperties_Fits()
    {
        var schema = $$$"""{"properties":{{{{string.Join(',', Enumerable.Range(0, 300).Select(index => $"\"property{index}\":{{\"type\":\"integer\"}}"))}}}}}""";

        AssertAccepts(schema, "{}", """{"property0":1,"property299":2}""", """{"property7":1,"property70":2}""");
        AssertRejects(schema, """{"property70":1,"property7":2}""", """{"property300":1}""");
    }

    [TestMethod]
    public void Compile_DefinitionsUsedTwice_AreShared()
    {
        // As a tree this schema has 2^30 values.
        var definitions = string.Concat(Enumerable.Range(0, 30).Select(index =>
            $$$$"""
            "d{{{{index}}}}":{"type":"object","properties":{"a":{"$ref":"#/$defs/d{{{{index + 1}}}}"},"b":{"$ref":"#/$defs/d{{{{index + 1}}}}"}}},
            """));

        AssertAccepts("{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + definitions + "\"d30\":{\"type\":\"null\"}}}", """{"a":{"b":{}},"b":{}}""");
    }

    [TestMethod]
    public void Walk_AmbiguityNestedDeep_IsLinear()
    {
        // Every bracket may begin either kind of array: 2^60 stacks, if each were kept apart.
        const string schema = """{"$ref":"#/$defs/v","$defs":{"v":{"anyOf":[{"type":"array","items":{"$ref":"#/$defs/v"}},{"type":"array","items":{"$ref":"#/$defs/v"},"maxItems":3}]}}}""";

        AssertAccepts(schema, new string('[', 60) + new string(']', 60), string.Concat(Enumerable.Repeat("[[],", 50)) + "[]" + new string(']', 50));
    }

    [TestMethod]
    public void LongString_BoundedLength_NeedsNoStates()
    {
        const string schema = """{"type":"string","minLength":500000,"maxLength":1000000}""";
        var vocabulary = TestVocabulary.Bytes();
        var constraint = JsonSchemaGrammar.Compile(Json(schema), vocabulary).CreateConstraint();
        Assert.IsTrue(constraint.TryAccept('"'));
        for (var index = 0; index < 499_999; index++) Assert.IsTrue(constraint.TryAccept('a'));
        Assert.IsFalse(constraint.TryAccept('"'));
        Assert.IsTrue(constraint.TryAccept('a'));
        Assert.IsTrue(constraint.TryAccept('"'));
    }

    [TestMethod]
    public void SteadyStep_AllocatesNothing()
    {
        var vocabulary = TestVocabulary.Random(5, 3000);
        var schema = Json("""{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string","maxLength":40},"tags":{"type":"array","items":{"enum":["a","ab"]}},"x":{"anyOf":[{"type":"null"},{"$ref":"#"}]}},"required":["id","name"]}}""");
        var grammar = JsonSchemaGrammar.Compile(schema, vocabulary);
        var text = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 200).Select(index => $$"""{"id": {{index}},"name":"ab é","tags":["a", "ab"],"x":[{"id":1,"name":""}]}"""))}]");
        var mask = new ulong[(vocabulary.VocabularySize + 63) / 64];
        var constraint = grammar.CreateConstraint();
        long before = 0;
        for (var index = 0; index < text.Length; index++)
        {
            // By a quarter of the text all masks are known and all buffers have grown.
            if (index == text.Length / 4) before = GC.GetAllocatedBytesForCurrentThread();
            constraint.FillAllowed(mask);
            if (!constraint.TryAccept(text[index])) throw new AssertFailedException("The text fits.");
            if (constraint.IsComplete != (index == text.Length - 1)) throw new AssertFailedException("The text is complete at its end.");
        }

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
