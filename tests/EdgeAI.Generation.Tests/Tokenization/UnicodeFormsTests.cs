using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Tokenization;

[TestClass]
public sealed class UnicodeFormsTests
{
    [TestMethod]
    [DataRow("e\u0301", "\u00E9")]
    [DataRow("\u1112\u1161\u11AB", "\uD55C")]
    [DataRow("\uD558\u11AB", "\uD55C")]
    [DataRow("a\u0301\u0323", "\u1EA1\u0301")]
    [DataRow("\u0958", "\u0915\u093C")]
    [DataRow("\uFB01", "\uFB01")]
    public void Compose_Canonically_GivesNfc(string text, string expected) => Assert.AreEqual(expected, UnicodeForms.Compose(text, compatibility: false));

    [TestMethod]
    [DataRow("\uFB01\u00BD\u2460", "fi1\u20442" + "1")]
    [DataRow("\u1E9B\u0323", "\u1E69")]
    public void Compose_ForCompatibility_GivesNfkc(string text, string expected) => Assert.AreEqual(expected, UnicodeForms.Compose(text, compatibility: true));

    /// <summary>The hashes come from ICU in Node.js 20: each character of the data and each Hangul syllable, alone and between a letter with a mark and two marks.</summary>
    [TestMethod]
    [DataRow("NFC")]
    [DataRow("NFD")]
    [DataRow("NFKC")]
    [DataRow("NFKD")]
    public void EveryForm_EveryCharacter_IsWhatIcuGives(string form)
    {
        using var stream = typeof(UnicodeFormsTests).Assembly.GetManifestResourceStream("normalization-hashes.json")!;
        var expected = JsonNode.Parse(stream)![form]!.GetValue<string>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var codePoint in Affected().Concat(Enumerable.Range(0xAC00, 11172)))
        {
            var character = char.ConvertFromUtf32(codePoint);
            hash.AppendData(Encoding.UTF8.GetBytes(Normalize(form, character) + "\n"));
            hash.AppendData(Encoding.UTF8.GetBytes(Normalize(form, "a\u0323" + character + "\u0301\u0327") + "\n"));
        }

        Assert.AreEqual(expected, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [TestMethod]
    public void Decompose_ManyMarks_AreOrderedStably()
    {
        var text = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 50_000));

        Assert.AreEqual("a" + new string('\u0323', 50_000) + new string('\u0301', 50_000), UnicodeForms.Decompose(text, compatibility: false));
    }

    private static string Normalize(string form, string text) => form is "NFC" or "NFKC" ? UnicodeForms.Compose(text, form == "NFKC") : UnicodeForms.Decompose(text, form == "NFKD");

    private static List<int> Affected()
    {
        using var reader = new StreamReader(typeof(UnicodeForms).Assembly.GetManifestResourceStream("EdgeAI.Generation.normalization.txt")!);
        var codePoints = new List<int>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#')) codePoints.Add(int.Parse(line.AsSpan(0, line.IndexOf(';', StringComparison.Ordinal)), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        return codePoints;
    }
}
