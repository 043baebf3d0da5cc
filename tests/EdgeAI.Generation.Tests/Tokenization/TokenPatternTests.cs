namespace EdgeAI.Generation.Tests.Tokenization;

[TestClass]
public sealed class TokenPatternTests
{
    [TestMethod]
    [DataRow(@"\p{L}+", "a\U0001D518b \U00020000", "a\U0001D518b|\U00020000")]
    [DataRow(@"[^\p{L}]+", "a1\U0001F600b", "1\U0001F600")]
    [DataRow(@"\p{Han}+", "x中文\U00020000y", "中文\U00020000")]
    [DataRow(@"[\p{L}&&[^\p{Han}]]+", "ab中c", "ab|c")]
    [DataRow(@"(?i:'s|'ll)", "'S 'lL '\u017F", "'S|'lL|'\u017F")]
    [DataRow(@"a++b", "aaab", "aaab")]
    [DataRow(@"a++a", "aaaa", "")]
    [DataRow(@"\p{N}{1,3}", "1234", "123|4")]
    [DataRow(@"\P{L}+", "a1 b", "1 ")]
    [DataRow(@"[\P{L}]+", "a1\U0001D518", "1")]
    [DataRow(@"\w+", "a\u0301_b-1", "a\u0301_b|1")]
    [DataRow(@"\d+", "1\U0001D7CE2", "1\U0001D7CE2")]
    [DataRow(@"\s+(?!\S)|\s+", "a  b ", " | | ")]
    [DataRow(@"^b$", "a\nb\nc", "b")]
    [DataRow(@"[a-c\-]+", "xab-cy", "ab-c")]
    [DataRow(@"\p{Co}", "\uE000\uE001", "\uE000|\uE001")]
    [DataRow(@"[^\r\n\p{L}]?\p{Lu}+", "\U0001F600AB", "\U0001F600AB")]
    public void Find_OnigurumaExpression_FindsWhatItMeans(string expression, string text, string expected)
    {
        var found = TokenPattern.FromExpression(expression).Find(text);

        Assert.AreEqual(expected, string.Join('|', found.Select(range => text[range])));
    }

    [TestMethod]
    [DataRow(@"(?<name>a)")]
    [DataRow(@"(?m:a)")]
    [DataRow(@"\h")]
    [DataRow(@"\p{Greek}")]
    [DataRow(@"a{1,2}+")]
    [DataRow(@"(?i:é)")]
    [DataRow(@"(?i:\p{Lu})")]
    [DataRow(@"[[:alpha:]]")]
    [DataRow("\U0001F600")]
    [DataRow(@"[")]
    [DataRow(@"\")]
    [DataRow(@"*a")]
    public void FromExpression_WhatHasNoEqual_IsRefused(string expression) => Assert.Throws<FormatException>(() => TokenPattern.FromExpression(expression));
}
