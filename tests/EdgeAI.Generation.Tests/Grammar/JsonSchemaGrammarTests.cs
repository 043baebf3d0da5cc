using System.Text;
using System.Text.Json.Nodes;
using static EdgeAI.Generation.Tests.Grammar.Constraints;

namespace EdgeAI.Generation.Tests.Grammar;

[TestClass]
public sealed class JsonSchemaGrammarTests
{
    [TestMethod]
    public void Type_EachName_AllowsItsValues()
    {
        AssertAccepts("""{"type":"null"}""", "null");
        AssertAccepts("""{"type":"boolean"}""", "true", "false");
        AssertAccepts("""{"type":"integer"}""", "0", "-1", "123456789012345678");
        AssertAccepts("""{"type":"number"}""", "0", "-1.5", "2e10", "-0", "1.25E-3");
        AssertAccepts("""{"type":"string"}""", "\"\"", "\"é😀\"");
        AssertAccepts("""{"type":"array"}""", "[]", "[1, \"a\",null]");
        AssertAccepts("""{"type":"object"}""", "{}", """{"a":[{}],"b": 1}""");
        AssertAccepts("""{"type":["string","null"]}""", "null", "\"a\"");
        AssertAccepts("""{"type":"string","nullable":true}""", "null", "\"a\"");
        AssertRejects("""{"type":"integer"}""", "01", "-0", "1.0", "1e2", "+1", "1234567890123456789", "\"1\"");
        AssertRejects("""{"type":"number"}""", ".5", "1.", "1e", "1e100", "NaN", "--1", "00");
        AssertRejects("""{"type":["string","null"]}""", "1", "true", "{}");
    }

    [TestMethod]
    public void String_EscapesAndEncoding_FollowTheSpecifications()
    {
        const string schema = """{"type":"string"}""";
        AssertAccepts(schema, """ "\"\\\/\b\f\n\r\t" """.Trim(), "\"\\u00e9\"", "\"\\uD83d\\uDe00\"", "\"\\ud7ff\\ue000\"", "\"\u007f\"");
        AssertRejects(schema, "\"\n\"", "\"\t\"", "\"\\x\"", "\"\\u12\"", "\"\\ud83d\"", "\"\\ud83dx\"", "\"\\ud83d\\u0041\"", "\"\\ude00\"", "\"a", "\"\"\"");
        AssertRejectsBytes(schema, [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE0, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]);
    }

    [TestMethod]
    public void Lengths_CountCharactersNotBytes()
    {
        const string schema = """{"type":"string","minLength":2,"maxLength":3}""";
        AssertAccepts(schema, "\"ab\"", "\"é😀漢\"", "\"\\n\\ud83d\\ude00a\"", "\"abc\"");
        AssertRejects(schema, "\"\"", "\"a\"", "\"😀\"", "\"abcd\"", "\"\\ud83d\\ude00\"");
        AssertAccepts("""{"type":"string","minLength":3}""", "\"abc\"", "\"abcdefg\"");
        AssertRejects("""{"type":"string","minLength":3}""", "\"ab\"");
        AssertAccepts("""{"type":"string","maxLength":0}""", "\"\"");
        AssertRejects("""{"type":"string","maxLength":0}""", "\"a\"");
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Refused("""{"type":"string","minLength":3,"maxLength":2}""").Reason);
    }

    [TestMethod]
    public void Object_Properties_ComeInOrder()
    {
        const string schema = """{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"null"},"c":{"type":"boolean"}},"required":["b"],"additionalProperties":false}""";
        AssertAccepts(schema, """{"b":null}""", """{"a": 1, "b": null, "c": true}""", """{"a":1,"b":null}""", """{"b":null,"c":false}""");
        AssertRejects(schema, "{}", """{"a":1}""", """{"b":null,"a":1}""", """{"b":null,"b":null}""", """{"b":null,"d":1}""", """{"b":null,}""", """{,"b":null}""", """{ "b":null}""", """{"b" :null}""", """{"b":  null}""");
    }

    [TestMethod]
    public void Object_AdditionalProperties_FollowTheNamedOnes()
    {
        const string schema = """{"properties":{"a":{"type":"integer"},"ab":{}},"additionalProperties":{"type":"null"}}""";
        AssertAccepts(schema, "{}", """{"a":1}""", """{"b":null}""", """{"a":1,"":null,"abc":null,"aé":null}""");
        AssertRejects(schema, """{"a":null}""", """{"b":1}""", """{"b":null,"a":1}""", """{"b":null,"ab":null}""", "{\"\\u0061\":null}");
        AssertAccepts("""{"type":"object","additionalProperties":{"type":"integer"}}""", """{"x":1,"y":2}""");
        AssertRejects("""{"properties":{"a":{}}}""", """{"b":1}""");
        AssertAccepts("""{"properties":{"a":{}},"additionalProperties":true}""", """{"b":1}""");
        AssertAccepts("""{"type":"object","required":["x"]}""", """{"x":1,"y":2}""");
        AssertRejects("""{"type":"object","required":["x"]}""", "{}");
    }

    [TestMethod]
    public void Object_FalseProperty_IsLeftOut()
    {
        AssertAccepts("""{"properties":{"a":false,"b":{}},"additionalProperties":true}""", """{"b":1,"c":2}""");
        AssertRejects("""{"properties":{"a":false,"b":{}},"additionalProperties":true}""", """{"a":1}""", """{"c":1,"a":2}""");
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Refused("""{"properties":{"a":false},"required":["a"]}""").Reason);
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Refused("""{"required":["a"],"additionalProperties":false}""").Reason);
    }

    [TestMethod]
    public void Object_NamesWithEscapes_AreWrittenTheShortWay()
    {
        const string schema = """{"properties":{"a\"\\\n\u0001é":{"type":"null"}},"required":["a\"\\\n\u0001é"]}""";
        AssertAccepts(schema, "{\"a\\\"\\\\\\n\\u0001é\":null}");
    }

    [TestMethod]
    public void Array_Counts_AreKept()
    {
        AssertAccepts("""{"items":{"type":"integer"},"minItems":1,"maxItems":3}""", "[1]", "[1, 2]", "[1,2,3]");
        AssertRejects("""{"items":{"type":"integer"},"minItems":1,"maxItems":3}""", "[]", "[1,2,3,4]", "[1,]", "[,1]", "[null]");
        AssertAccepts("""{"items":{"type":"integer"},"minItems":2}""", "[1,2]", "[1,2,3,4,5]");
        AssertRejects("""{"items":{"type":"integer"},"minItems":2}""", "[]", "[1]");
        AssertAccepts("""{"type":"array"}""", "[]", "[1,2]");
        AssertRejects("""{"type":"array"}""", "[1,]", "[,]", "[1,2,]");
        AssertAccepts("""{"type":"array","maxItems":0}""", "[]");
        AssertRejects("""{"type":"array","maxItems":0}""", "[1]");
        AssertAccepts("""{"type":"array","items":false}""", "[]");
    }

    [TestMethod]
    public void Array_PrefixItems_ComeFirst()
    {
        const string schema = """{"prefixItems":[{"type":"integer"},{"type":"string"}],"items":{"type":"null"}}""";
        AssertAccepts(schema, "[]", "[1]", "[1,\"a\"]", "[1,\"a\",null,null]");
        AssertRejects(schema, "[\"a\"]", "[1,1]", "[1,\"a\",1]");
        AssertRejects("""{"prefixItems":[{"type":"integer"}],"items":false}""", "[1,2]");
        AssertRejects("""{"prefixItems":[{"type":"integer"}],"unevaluatedItems":false}""", "[1,2]");
    }

    [TestMethod]
    public void Enum_Values_AreTakenAsTheyAre()
    {
        const string schema = """{"enum":["a","ab",1,1.50,null,true,{"x":[1,2]},"\""]}""";
        AssertAccepts(schema, "\"a\"", "\"ab\"", "1", "1.50", "null", "true", """{"x":[1,2]}""", """{"x": [1, 2]}""", "\"\\\"\"");
        AssertRejects(schema, "\"abc\"", "\"\"", "2", "false", "{}");
        AssertRejects("""{"type":"string","enum":["a",1]}""", "1");
        AssertRejects("""{"type":"integer","enum":[1.5,2]}""", "1.5");
        AssertAccepts("""{"const":"x"}""", "\"x\"");
        AssertRejects("""{"const":"x","enum":["x","y"]}""", "\"y\"");
        Assert.AreEqual("minLength", Refused("""{"enum":["a"],"minLength":2}""").Keyword);
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Refused("""{"enum":[]}""").Reason);
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Refused("""{"const":1,"type":"string"}""").Reason);
    }

    [TestMethod]
    public void AnyOf_Alternatives_MayBeginAlike()
    {
        const string schema = """{"anyOf":[{"properties":{"kind":{"const":"a"},"x":{"type":"integer"}},"required":["kind","x"]},{"properties":{"kind":{"const":"b"},"x":{"type":"string"}},"required":["kind"]}]}""";
        AssertAccepts(schema, """{"kind":"a","x":1}""", """{"kind":"b","x":"1"}""", """{"kind":"b"}""");
        AssertRejects(schema, """{"kind":"a","x":"1"}""", """{"kind":"b","x":1}""", """{"kind":"a"}""");
        AssertAccepts("""{"oneOf":[{"type":"null"},{"enum":["a"]},{"type":"string","minLength":2}]}""", "null", "\"a\"", "\"ab\"");
        AssertRejects("""{"oneOf":[{"type":"null"},{"enum":["a"]},{"type":"string","minLength":2}]}""", "\"b\"");
    }

    [TestMethod]
    public void AllOf_Schemas_AreMerged()
    {
        const string schema = """{"allOf":[{"properties":{"a":{"type":"number","minimum":3}},"required":["a"]},{"properties":{"a":{"type":"integer","maximum":5},"b":{}}}]}""";
        AssertAccepts(schema, """{"a":3}""", """{"a":5,"b":null}""");
        AssertRejects(schema, """{"a":2}""", """{"a":6}""", """{"a":3.5}""", "{}");
        AssertAccepts("""{"type":"object","required":["k"],"anyOf":[{"properties":{"k":{"const":1}}},{"properties":{"k":{"const":2}}}]}""", """{"k":1}""", """{"k":2}""");
        AssertRejects("""{"type":"object","required":["k"],"anyOf":[{"properties":{"k":{"const":1}}},{"properties":{"k":{"const":2}}}]}""", "{}", """{"k":3}""");
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Refused("""{"allOf":[{"type":"string"},{"type":"null"}]}""").Reason);
    }

    [TestMethod]
    public void Ref_Recursion_IsFollowed()
    {
        const string tree = """{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"v":{"type":"integer"},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}},"required":["v","next"],"additionalProperties":false}}}""";
        AssertAccepts(tree, """{"v":1,"next":null}""", """{"v":1,"next":{"v":2,"next":{"v":3,"next":null}}}""");
        AssertRejects(tree, """{"v":1}""", """{"v":1,"next":{"v":2}}""");
        AssertAccepts("""{"properties":{"children":{"type":"array","items":{"$ref":"#"}}}}""", """{"children":[{},{"children":[]}]}""");
        AssertAccepts("""{"properties":{"a/b~":{"type":"null"},"c":{"$ref":"#/properties/a~1b~0"}}}""", """{"c":null}""");
    }

    [TestMethod]
    public void Ref_OnlyThroughItself_FitsNothing()
    {
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Refused("""{"$ref":"#"}""").Reason);
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Refused("""{"properties":{"a":{"$ref":"#"}},"required":["a"]}""").Reason);
        AssertAccepts("""{"anyOf":[{"$ref":"#"},{"type":"null"}]}""", "null");
        AssertRejects("""{"anyOf":[{"$ref":"#"},{"type":"null"}]}""", "1");
    }

    [TestMethod]
    public void Numbers_Bounds_AreExact()
    {
        AssertAccepts("""{"type":"integer","minimum":-12,"maximum":105}""", "-12", "-9", "0", "7", "99", "100", "105");
        AssertRejects("""{"type":"integer","minimum":-12,"maximum":105}""", "-13", "-100", "106", "200", "1000");
        AssertAccepts("""{"type":"number","exclusiveMinimum":0.5,"maximum":2}""", "0.51", "0.500001", "1", "2", "2.0", "1.99");
        AssertRejects("""{"type":"number","exclusiveMinimum":0.5,"maximum":2}""", "0.5", "0.50", "0", "2.01", "3", "-1", "1e0");
        AssertAccepts("""{"type":"number","minimum":-1.5,"exclusiveMaximum":0}""", "-1.5", "-0.1", "-1");
        AssertRejects("""{"type":"number","minimum":-1.5,"exclusiveMaximum":0}""", "0", "-0", "-1.51", "-2");
        AssertAccepts("""{"type":"integer","format":"int32"}""", "2147483647", "-2147483648");
        AssertRejects("""{"type":"integer","format":"int32"}""", "2147483648", "-2147483649");
        AssertAccepts("""{"type":"number","maximum":1.7976931348623157E+308}""", "12345");
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Refused("""{"type":"integer","minimum":3,"maximum":2}""").Reason);
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Refused("""{"type":"integer","exclusiveMinimum":2,"exclusiveMaximum":3}""").Reason);
    }

    [TestMethod]
    public void Numbers_MultipleOf_IsExact()
    {
        AssertAccepts("""{"type":"integer","multipleOf":7}""", "0", "7", "-14", "700");
        AssertRejects("""{"type":"integer","multipleOf":7}""", "1", "13", "701");
        AssertAccepts("""{"type":"number","multipleOf":0.25}""", "1", "0.25", "0.5", "-1.75");
        AssertRejects("""{"type":"number","multipleOf":0.25}""", "0.3", "0.255", "1.125", "1e1");
        AssertAccepts("""{"type":"number","multipleOf":0.01}""", "19.99", "5");
        AssertRejects("""{"type":"number","multipleOf":0.01}""", "19.999");
        AssertAccepts("""{"type":"number","multipleOf":5}""", "15");
        AssertRejects("""{"type":"number","multipleOf":5}""", "15.5", "12");
    }

    [TestMethod]
    [DataRow("date", "2024-02-29 2023-12-31 0001-01-01", "2023-02-29 1900-02-29 2024-13-01 2024-04-31 0000-01-01 24-01-01")]
    [DataRow("time", "23:59:59 00:00:00.1234567Z 12:00:00+01:00", "24:00:00 12:60:00 12:00 12:00:00.12345678")]
    [DataRow("date-time", "2024-02-29T12:00:00Z 2024-01-01T00:00:00.5-08:30", "2024-01-01 2024-01-01T00:00:00 2024-01-01T25:00:00Z")]
    [DataRow("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567e89b12d3a456426614174000 123e4567-e89b-12d3-a456-42661417400")]
    [DataRow("email", "a@b.co first.last+tag@example.org", "a@b @b.co a@b..co a.@b.co")]
    [DataRow("ipv4", "127.0.0.1 255.255.255.255", "256.1.1.1 1.2.3 01.2.3.4")]
    [DataRow("ipv6", "::1 2001:db8::1 1:2:3:4:5:6:7:8 ::", "1:2:3 ::1::2 12345::")]
    [DataRow("uri", "https://example.org/a?b=c#d urn:x", "example.org http: https://a%2")]
    [DataRow("hostname", "example.org a", "-a a..b")]
    [DataRow("duration", "P1D PT1H30M P1W P1Y2M3DT4H5M6S", "P PT 1D P1DT")]
    public void Format_Examples_AreKept(string format, string valid, string invalid)
    {
        var schema = $$"""{"type":"string","format":"{{format}}"}""";
        AssertAccepts(schema, valid.Split(' ').Select(text => $"\"{text}\""));
        AssertRejects(schema, invalid.Split(' ').Select(text => $"\"{text}\""));
    }

    [TestMethod]
    public void Pattern_WithLengthAndFormat_AllHold()
    {
        AssertAccepts("""{"type":"string","pattern":"^a+$","minLength":2,"maxLength":4}""", "\"aa\"", "\"aaaa\"");
        AssertRejects("""{"type":"string","pattern":"^a+$","minLength":2,"maxLength":4}""", "\"a\"", "\"aaaaa\"", "\"ab\"");
        AssertAccepts("""{"type":"string","format":"date","pattern":"^2024"}""", "\"2024-05-06\"");
        AssertRejects("""{"type":"string","format":"date","pattern":"^2024"}""", "\"2023-05-06\"");
        AssertAccepts("""{"type":"string","pattern":"b"}""", "\"abc\"", "\"b\"", "\"\\\"b\\n\"");
        AssertRejects("""{"type":"string","pattern":"b"}""", "\"ac\"", "\"\"");
        AssertAccepts("""{"type":["string","integer"],"pattern":"^-?(?:0|[1-9]\\d*)$"}""", "\"12\"", "12");
    }

    [TestMethod]
    [DataRow("""{"properties":{"a":{"not":{}}}}""", "not", "#/properties/a")]
    [DataRow("""{"if":{},"then":{}}""", "if", "#")]
    [DataRow("""{"type":"array","uniqueItems":true}""", "uniqueItems", "#")]
    [DataRow("""{"type":"array","contains":{}}""", "contains", "#")]
    [DataRow("""{"type":"object","patternProperties":{}}""", "patternProperties", "#")]
    [DataRow("""{"type":"object","minProperties":1}""", "minProperties", "#")]
    [DataRow("""{"items":{"type":"string","format":"iban"}}""", "format", "#/items")]
    [DataRow("""{"$defs":{"x":{"type":"string","pattern":"(?=a)"}},"$ref":"#/$defs/x"}""", "pattern", "#/$defs/x")]
    [DataRow("""{"$ref":"https://example.org/schema"}""", "$ref", "#")]
    [DataRow("""{"type":"string","maxlength":3}""", "maxlength", "#")]
    [DataRow("""{"anyOf":[{"type":"null"},{"dependentRequired":{}}]}""", "dependentRequired", "#/anyOf/1")]
    public void Compile_UnsupportedKeyword_NamesItAndItsPlace(string schema, string keyword, string path)
    {
        var error = Refused(schema);

        Assert.AreEqual(GrammarErrorReason.Unsupported, error.Reason);
        Assert.AreEqual(keyword, error.Keyword);
        Assert.AreEqual(path, error.Path);
        StringAssert.Contains(error.Message, keyword);
        Assert.IsFalse(error.IsTransient);
    }

    [TestMethod]
    [DataRow("1", null)]
    [DataRow("""{"type":"text"}""", "type")]
    [DataRow("""{"type":1}""", "type")]
    [DataRow("""{"properties":[]}""", "properties")]
    [DataRow("""{"required":"a"}""", "required")]
    [DataRow("""{"enum":"a"}""", "enum")]
    [DataRow("""{"anyOf":[]}""", "anyOf")]
    [DataRow("""{"anyOf":{}}""", "anyOf")]
    [DataRow("""{"minLength":-1}""", "minLength")]
    [DataRow("""{"maxItems":1.5}""", "maxItems")]
    [DataRow("""{"minimum":"1"}""", "minimum")]
    [DataRow("""{"multipleOf":0}""", "multipleOf")]
    [DataRow("""{"pattern":"("}""", "pattern")]
    [DataRow("""{"pattern":1}""", "pattern")]
    [DataRow("""{"$ref":"#/$defs/none"}""", "$ref")]
    [DataRow("""{"$ref":1}""", "$ref")]
    [DataRow("""{"prefixItems":{}}""", "prefixItems")]
    public void Compile_NoSchema_IsInvalid(string schema, string? keyword)
    {
        var error = Refused(schema);

        Assert.AreEqual(GrammarErrorReason.Invalid, error.Reason);
        Assert.AreEqual(keyword, error.Keyword);
    }

    [TestMethod]
    public void Compile_Annotations_AreIgnored() =>
        AssertAccepts("""{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"x","title":"t","description":"d","default":1,"examples":[1],"deprecated":true,"x-own":{},"type":"null"}""", "null");

    [TestMethod]
    public void Compile_VocabularyWithoutBytes_SaysWhich()
    {
        var words = new TestVocabulary(Enumerable.Range(0, 256).Where(value => value != '"').Select(value => new[] { (byte)value }).Append(Encoding.UTF8.GetBytes("\"a\"")));

        var error = Assert.ThrowsExactly<GrammarException>(() => JsonSchemaGrammar.Compile(Json("""{"type":"string"}"""), words));

        Assert.AreEqual(GrammarErrorReason.Vocabulary, error.Reason);
        StringAssert.Contains(error.Message, "0x22");
        Assert.IsNotNull(JsonSchemaGrammar.Compile(Json("""{"type":"integer"}"""), words));
    }

    [TestMethod]
    public void Compile_VocabularyWithoutContinuationBytes_IsRefused()
    {
        var ascii = new TestVocabulary(Enumerable.Range(0, 0x80).Select(value => new[] { (byte)value }).Append([0xC3]));

        Assert.AreEqual(GrammarErrorReason.Vocabulary, Assert.ThrowsExactly<GrammarException>(() => JsonSchemaGrammar.Compile(Json("""{"type":"string"}"""), ascii)).Reason);
    }

    [TestMethod]
    public void AnyObject_Text_IsAnObject()
    {
        var vocabulary = TestVocabulary.Bytes();
        var grammar = JsonSchemaGrammar.CompileAnyObject(vocabulary);

        Assert.IsTrue(Accepts(grammar.CreateConstraint(), vocabulary, """{"a":[1,{"b":null}]}"""u8));
        Assert.IsFalse(Accepts(grammar.CreateConstraint(), vocabulary, "[1]"u8));
        Assert.IsTrue(Accepts(JsonSchemaGrammar.CompileAnyValue(vocabulary).CreateConstraint(), vocabulary, "[1]"u8));
    }

    [TestMethod]
    public void MaxDepth_Containers_AreCounted()
    {
        var vocabulary = TestVocabulary.Random(3, 500);
        var grammar = JsonSchemaGrammar.CompileAnyValue(vocabulary, new JsonGrammarOptions { MaxDepth = 3 });

        Assert.IsTrue(Accepts(grammar.CreateConstraint(), vocabulary, "[[[]]]"u8));
        Assert.IsTrue(Accepts(grammar.CreateConstraint(), vocabulary, "[{\"a\":[\"x\"]}]"u8));
        Assert.IsFalse(Accepts(grammar.CreateConstraint(), vocabulary, "[[[[]]]]"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => JsonSchemaGrammar.CompileAnyValue(vocabulary, new JsonGrammarOptions { MaxDepth = 0 }));
    }

    [TestMethod]
    public void MaxDepth_SchemaNeedsMore_LeavesTheWayOutOpen()
    {
        // Only the second alternative can be completed at depth 2.
        var vocabulary = TestVocabulary.Bytes();
        var schema = Json("""{"type":"array","minItems":1,"items":{"anyOf":[{"$ref":"#"},{"type":"null"}]}}""");
        var grammar = JsonSchemaGrammar.Compile(schema, vocabulary, new JsonGrammarOptions { MaxDepth = 2 });

        Assert.IsTrue(Accepts(grammar.CreateConstraint(), vocabulary, "[[null]]"u8));
        Assert.IsFalse(Accepts(grammar.CreateConstraint(), vocabulary, "[[[null]]]"u8));
        var deep = Json("""{"type":"array","minItems":1,"items":{"type":"array","minItems":1,"items":{"type":"array"}}}""");
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Assert.ThrowsExactly<GrammarException>(() => JsonSchemaGrammar.Compile(deep, vocabulary, new JsonGrammarOptions { MaxDepth = 2 })).Reason);
    }

    [TestMethod]
    public void IsComplete_ValueThatMayGoOn_IsNotYet()
    {
        var vocabulary = TestVocabulary.Bytes();
        var number = JsonSchemaGrammar.Compile(Json("""{"type":"integer","maximum":99,"minimum":0}"""), vocabulary).CreateConstraint();
        Assert.IsTrue(number.TryAccept('1'));
        Assert.IsFalse(number.IsComplete);
        Assert.IsTrue(Has(Allowed(number, vocabulary), vocabulary.End));
        Assert.IsTrue(number.TryAccept('2'));
        Assert.IsTrue(number.IsComplete);
        Assert.IsTrue(number.TryAccept(vocabulary.End));
        Assert.IsTrue(number.IsComplete);
        Assert.IsFalse(number.TryAccept('3'));
        CollectionAssert.AreEqual(new[] { vocabulary.End }, Enumerable.Range(0, vocabulary.VocabularySize).Where(token => Has(Allowed(number, vocabulary), token)).ToArray());
    }

    [TestMethod]
    public void TryAccept_TokenNotAllowed_ChangesNothing()
    {
        var vocabulary = TestVocabulary.Bytes();
        var constraint = JsonSchemaGrammar.Compile(Json("""{"enum":["ab"]}"""), vocabulary).CreateConstraint();
        Assert.IsTrue(constraint.TryAccept('"'));
        var before = Allowed(constraint, vocabulary);

        Assert.IsFalse(constraint.TryAccept('b'));
        Assert.IsFalse(constraint.TryAccept(vocabulary.End));
        Assert.IsFalse(constraint.TryAccept(-1));
        Assert.IsFalse(constraint.TryAccept(vocabulary.VocabularySize));

        CollectionAssert.AreEqual(before, Allowed(constraint, vocabulary));
    }

    [TestMethod]
    public void FillAllowed_LongerMask_ClearsTheRest()
    {
        var vocabulary = TestVocabulary.Bytes();
        var constraint = JsonSchemaGrammar.Compile(Json("""{"const":1}"""), vocabulary).CreateConstraint();
        var mask = new ulong[20];
        Array.Fill(mask, ulong.MaxValue);

        constraint.FillAllowed(mask);

        Assert.AreEqual(1, mask.Sum(word => System.Numerics.BitOperations.PopCount(word)));
        Assert.Throws<ArgumentException>(() => constraint.FillAllowed(new ulong[2]));
    }

    [TestMethod]
    public void Compile_JsonNode_IsTheSame()
    {
        var vocabulary = TestVocabulary.Bytes();
        var grammar = JsonSchemaGrammar.Compile(JsonNode.Parse("""{"type":"null"}""")!, vocabulary);

        Assert.IsTrue(Accepts(grammar.CreateConstraint(), vocabulary, "null"u8));
    }

    private static void AssertRejectsBytes(string schema, params byte[][] texts)
    {
        foreach (var text in texts)
        {
            var vocabulary = TestVocabulary.Bytes();
            var constraint = JsonSchemaGrammar.Compile(Json(schema), vocabulary).CreateConstraint();
            Assert.IsFalse(Accepts(constraint, vocabulary, [(byte)'"', .. text, (byte)'"']), Convert.ToHexString(text));
        }
    }
}
