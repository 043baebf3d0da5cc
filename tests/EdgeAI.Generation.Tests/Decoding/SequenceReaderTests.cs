using System.Text;

namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class SequenceReaderTests
{
    [TestMethod]
    public async Task MoveNextAsync_CharacterIsSpreadOverTokens_ComesWithItsLastOne()
    {
        var texts = await ReadAsync(PieceTokenizer.Cut("a\u20ACb"u8.ToArray(), [1, 2]), [0, 1, 2]);

        CollectionAssert.AreEqual(new[] { "a", "", "\u20ACb" }, texts);
    }

    [TestMethod]
    public async Task MoveNextAsync_EndsWithinACharacter_LastTokenHasTheRest()
    {
        var texts = await ReadAsync(new PieceTokenizer([[.. "ab"u8], [0xE2, 0x82]]), [0, 1]);

        CollectionAssert.AreEqual(new[] { "ab", "\uFFFD" }, texts);
    }

    [TestMethod]
    public async Task MoveNextAsync_StopSequenceDoesNotComeAfterAll_LastTokenHasTheRest()
    {
        var texts = await ReadAsync(new PieceTokenizer([[.. "one"u8], [.. " ST"u8]]), [0, 1], "STOP");

        CollectionAssert.AreEqual(new[] { "one", " ST" }, texts);
    }

    [TestMethod]
    public async Task MoveNextAsync_StopSequenceCrossesTokens_IsNotInTheText()
    {
        var texts = await ReadAsync(new PieceTokenizer([[.. "one S"u8], [.. "TOP and"u8]]), [0, 1], "STOP");

        Assert.AreEqual("one ", string.Concat(texts));
    }

    [TestMethod]
    public async Task MoveNextAsync_TextIsCertain_ComesWithoutWaitingForTheNextToken()
    {
        var host = new Host(new PieceTokenizer([[.. "one"u8]]));
        var sequence = host.CreateSequence(new GenerationRequest(new[] { 0 }));
        await using var reader = new SequenceReader(sequence, host, default);
        sequence.Pipe.Write(new TokenEntry(0));

        Assert.IsTrue(await reader.MoveNextAsync());
        Assert.AreEqual("one", reader.Current.Text);
    }

    [TestMethod]
    public async Task DisposeAsync_NotAtItsEnd_GivesTheSequenceUp()
    {
        var host = new Host(new PieceTokenizer([[.. "one"u8]]));
        var sequence = host.CreateSequence(new GenerationRequest(new[] { 0 }));
        var reader = new SequenceReader(sequence, host, default);
        sequence.Pipe.Write(new TokenEntry(0));
        await reader.MoveNextAsync();

        await reader.DisposeAsync();

        Assert.IsTrue(sequence.IsCancelled);
    }

    [TestMethod]
    public async Task GetAsyncEnumerator_Twice_IsRefused()
    {
        var answer = new SequenceAnswer(new GenerationRequest(new[] { 0 }), new Host(new PieceTokenizer([[.. "one"u8]])));
        await using var first = answer.GetAsyncEnumerator();

        Assert.ThrowsExactly<InvalidOperationException>(() => answer.GetAsyncEnumerator());
    }

    private static async Task<List<string>> ReadAsync(PieceTokenizer tokenizer, int[] tokens, params string[] stops)
    {
        var host = new Host(tokenizer);
        var sequence = host.CreateSequence(new GenerationRequest(new[] { 0 }) { Options = new() { StopSequences = stops } });
        await using var reader = new SequenceReader(sequence, host, default);
        foreach (var token in tokens) sequence.Pipe.Write(new TokenEntry(token));
        sequence.Pipe.Complete();
        var texts = new List<string>();
        var ids = new List<int>();
        while (await reader.MoveNextAsync())
        {
            ids.Add(reader.Current.Id);
            texts.Add(reader.Current.Text);
        }

        CollectionAssert.AreEqual(tokens, ids);
        return texts;
    }

    private sealed class Host(PieceTokenizer tokenizer) : ISequenceHost
    {
        public GenerationSequence CreateSequence(GenerationRequest request) =>
            new(request, new TokenSampler(request.Options, new SamplingWorkspace(8), request.PromptTokens.Span, 1), 64, 0);

        public void Submit(GenerationSequence sequence)
        {
        }

        public void Cancel(GenerationSequence sequence) => sequence.Cancel();

        public AnswerText? CreateText(GenerationOptions options) => new(tokenizer, options.StopSequences);

        public GenerationUsage UsageOf(GenerationSequence sequence) => sequence.Usage(0);
    }
}
