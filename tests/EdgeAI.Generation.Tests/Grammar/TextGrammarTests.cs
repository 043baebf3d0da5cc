using System.Text;
using System.Text.RegularExpressions;
using static EdgeAI.Generation.Tests.Grammar.Constraints;

namespace EdgeAI.Generation.Tests.Grammar;

[TestClass]
public sealed class TextGrammarTests
{
    [TestMethod]
    [DataRow("a*b+c?")]
    [DataRow("(ab|a)(c|bcd)*")]
    [DataRow("[a-c]{2,3}")]
    [DataRow("[^a]+")]
    [DataRow("a{0}b{2,}?")]
    [DataRow("^a|b$")]
    [DataRow("(^a|b)*")]
    [DataRow("a(b$|c)d?")]
    [DataRow("(?:a|)b|")]
    [DataRow("\\d+\\.\\d*|\\w\\W")]
    [DataRow("[\\d\\-a]+")]
    [DataRow("(\\u0061|\\x62|\\.)+")]
    [DataRow("(?<name>a)[.b]")]
    [DataRow("((a?b)*c)*")]
    [DataRow(".b.")]
    [DataRow("[]|a")]
    [DataRow("[^]b")]
    [DataRow("\\cA|\\0|\\t")]
    public void CompilePattern_RandomTexts_MatchAsDotNet(string pattern)
    {
        var vocabulary = TestVocabulary.Bytes();
        var grammar = TextGrammar.CompilePattern(pattern, vocabulary);
        var oracle = new Regex($"^(?:{pattern.Replace("[]", "(?!)", StringComparison.Ordinal).Replace("[^]", "[\\s\\S]", StringComparison.Ordinal)})\\z", RegexOptions.ECMAScript);
        var random = new Random(1);
        var matches = 0;
        for (var round = 0; round < 3000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => "abcd.-1é\n\u0001"[random.Next(10)]));

            // ECMAScript's classes in .NET know ASCII only, as ours; so nothing else differs on these texts.
            var isMatch = oracle.IsMatch(text);
            matches += isMatch ? 1 : 0;
            Assert.AreEqual(isMatch, Accepts(grammar.CreateConstraint(), vocabulary, Encoding.UTF8.GetBytes(text)), $"{pattern} on {text}");
        }

        Assert.IsGreaterThan(0, matches, "No text matched: the test says nothing.");
    }

    [TestMethod]
    public void CompilePattern_CharactersBeyondAscii_AreMatchedWhole()
    {
        var vocabulary = TestVocabulary.Bytes();

        AssertMatches("[à-ü]+", "éü", "ÿ");
        AssertMatches("[\\u{1F600}-\\u{1F64F}]", "😀", "🚀");
        AssertMatches("\\ud83d\\ude00", "😀", "😁");
        AssertMatches("\\p{Lu}\\p{L}*", "Éa漢", "éa");
        AssertMatches("\\P{L}", "1", "漢");
        AssertMatches("[一-龥]{2}", "漢字", "漢a");

        void AssertMatches(string pattern, string match, string other)
        {
            var grammar = TextGrammar.CompilePattern(pattern, vocabulary);
            Assert.IsTrue(Accepts(grammar.CreateConstraint(), vocabulary, Encoding.UTF8.GetBytes(match)), pattern);
            Assert.IsFalse(Accepts(grammar.CreateConstraint(), vocabulary, Encoding.UTF8.GetBytes(other)), pattern);
        }
    }

    [TestMethod]
    [DataRow("(", GrammarErrorReason.Invalid)]
    [DataRow("a)(b", GrammarErrorReason.Invalid)]
    [DataRow("[a", GrammarErrorReason.Invalid)]
    [DataRow("[b-a]", GrammarErrorReason.Invalid)]
    [DataRow("*", GrammarErrorReason.Invalid)]
    [DataRow("a**", GrammarErrorReason.Invalid)]
    [DataRow("a{2,1}", GrammarErrorReason.Invalid)]
    [DataRow("a{", GrammarErrorReason.Invalid)]
    [DataRow("\\", GrammarErrorReason.Invalid)]
    [DataRow("\\u12", GrammarErrorReason.Invalid)]
    [DataRow("\\j", GrammarErrorReason.Invalid)]
    [DataRow("(a)\\1", GrammarErrorReason.Unsupported)]
    [DataRow("(?=a)", GrammarErrorReason.Unsupported)]
    [DataRow("(?<!a)b", GrammarErrorReason.Unsupported)]
    [DataRow("\\bword", GrammarErrorReason.Unsupported)]
    [DataRow("\\p{Script=Greek}", GrammarErrorReason.Unsupported)]
    [DataRow("[^\\d\\D]", GrammarErrorReason.Unsatisfiable)]
    [DataRow("a^b", GrammarErrorReason.Unsatisfiable)]
    public void CompilePattern_CannotBeUsed_SaysWhy(string pattern, GrammarErrorReason reason) =>
        Assert.AreEqual(reason, Assert.ThrowsExactly<GrammarException>(() => TextGrammar.CompilePattern(pattern, TestVocabulary.Bytes())).Reason);

    [TestMethod]
    public void CompileChoices_Texts_AreTheOnlyAnswers()
    {
        var vocabulary = TestVocabulary.Random(1, 500);
        var grammar = TextGrammar.CompileChoices(["yes", "yes, but", "né\"", ""], vocabulary);

        foreach (var text in new[] { "yes", "yes, but", "né\"", "" }) Assert.IsTrue(Accepts(grammar.CreateConstraint(), vocabulary, Encoding.UTF8.GetBytes(text)), text);
        foreach (var text in new[] { "ye", "yes,", "no", "yes, buts" }) Assert.IsFalse(Accepts(grammar.CreateConstraint(), vocabulary, Encoding.UTF8.GetBytes(text)), text);
        Assert.AreEqual(GrammarErrorReason.Unsatisfiable, Assert.ThrowsExactly<GrammarException>(() => TextGrammar.CompileChoices([], vocabulary)).Reason);
    }

    [TestMethod]
    public void FillForced_OnlyOneText_IsCutIntoTheLongestTokens()
    {
        var vocabulary = new TestVocabulary(Enumerable.Range(0, 256).Select(value => new[] { (byte)value }).Append("{\"na"u8.ToArray()).Append("me\""u8.ToArray()).Append(":1"u8.ToArray()));
        var constraint = JsonSchemaGrammar.Compile(Json("""{"properties":{"name":{"enum":["x","xyz"]}},"required":["name"]}"""), vocabulary).CreateConstraint();
        Span<int> tokens = stackalloc int[10];

        // The colon is left to the model: a longer token could begin with it.
        var count = constraint.FillForced(tokens, 100);

        CollectionAssert.AreEqual(new[] { 256, 257 }, tokens[..count].ToArray());
        Assert.AreEqual(1, constraint.FillForced(tokens[..1], 100));
        foreach (var token in tokens[..2]) Assert.IsTrue(constraint.TryAccept(token));
        Assert.AreEqual(0, constraint.FillForced(tokens, 100));
        Assert.IsTrue(constraint.TryAccept(':'));
        Assert.AreEqual(0, constraint.FillForced(tokens, 100), "A space may follow.");
        Assert.IsTrue(constraint.TryAccept(' '));
        count = constraint.FillForced(tokens, 100);
        CollectionAssert.AreEqual(new int[] { '"', 'x' }, tokens[..count].ToArray());
        foreach (var token in tokens[..count]) Assert.IsTrue(constraint.TryAccept(token));
        Assert.AreEqual(0, constraint.FillForced(tokens, 100));
        Assert.IsTrue(constraint.TryAccept('"'));
        count = constraint.FillForced(tokens, 100);
        CollectionAssert.AreEqual(new int[] { '}' }, tokens[..count].ToArray());
        Assert.IsTrue(constraint.TryAccept('}'));
        Assert.IsTrue(constraint.IsComplete);
        Assert.AreEqual(0, constraint.FillForced(tokens, 100));
    }
}
