using EdgeAI.Generation.Tests.Tokenization;

namespace EdgeAI.Generation.Tests.Building;

[TestClass]
public sealed class CalibrationTokensTests
{
    private static readonly ITokenizer _bytes = SmallTokenizers.Load(SmallTokenizers.ByteLevel());

    [TestMethod]
    public void OfFile_LongText_GivesItsFirstTokensInSequences()
    {
        using var folder = new TemporaryFolder().With("text.txt", string.Concat(Enumerable.Repeat("abcdefgh", 1000)));

        var sequences = Tokens(begin: 250).OfFile(folder.PathOf("text.txt"));

        Assert.AreEqual(2048, sequences.Sum(sequence => sequence.Length - 1));
        Assert.IsTrue(sequences.All(sequence => sequence.Length <= 100 && sequence[0] == 250));
        CollectionAssert.AreEqual(_bytes.Encode(string.Concat(Enumerable.Repeat("abcdefgh", 1000))).Take(2048).ToArray(), sequences.SelectMany(sequence => sequence.Skip(1)).ToArray());
    }

    [TestMethod]
    public void OfFile_Empty_IsRefused()
    {
        using var folder = new TemporaryFolder().With("text.txt", "");

        Assert.Contains("empty", Assert.ThrowsExactly<ModelLoadException>(() => Tokens().OfFile(folder.PathOf("text.txt"))).Message);
    }

    [TestMethod]
    public void OfFile_NoTokenizer_IsRefused() =>
        Assert.Contains("no tokenizer", Assert.ThrowsExactly<ModelLoadException>(() => new CalibrationTokens(null, 83, null, 16).OfFile("text.txt")).Message);

    [TestMethod]
    public void All_FewerRowsThanTokens_StayWithinTheModel()
    {
        var tokens = Tokens(vocabulary: 110, begin: 200);

        Assert.IsNotEmpty(tokens.OfBuiltInText());
        Assert.IsTrue(tokens.OfBuiltInText().Concat(tokens.AtRandom()).All(sequence => sequence.Length is > 0 and <= 100 && sequence.All(token => token is >= 0 and < 110)));
    }

    [TestMethod]
    public void All_ContextOfOneToken_GivesOneAtATime()
    {
        var tokens = new CalibrationTokens(_bytes, 256, 1, mostTokens: 1);

        Assert.IsTrue(tokens.OfBuiltInText().Concat(tokens.AtRandom()).All(sequence => sequence.Length == 1));
    }

    [TestMethod]
    public void OfBuiltInText_NoTokenizer_IsNothing() => Assert.IsEmpty(new CalibrationTokens(null, 83, null, 16).OfBuiltInText());

    [TestMethod]
    [DataRow(1)]
    [DataRow(20)]
    [DataRow(300)]
    public void Generate_AnyContext_ComputesAsManyTokens(int mostTokens)
    {
        using var decoder = new HistoryDecoder(slots: 1, capacity: 300);
        var counts = new List<int>();

        new CalibrationTokens(null, decoder.VocabularySize, beginOfSequence: 3, mostTokens).Generate(decoder, counts.Add, default);

        Assert.AreEqual(256, counts.Sum());
        Assert.IsLessThanOrEqualTo(mostTokens, counts.Max());
        Assert.HasCount(256, decoder.Runs);
    }

    private static CalibrationTokens Tokens(int vocabulary = 256, int? begin = null) => new(_bytes, vocabulary, begin, mostTokens: 100);
}
