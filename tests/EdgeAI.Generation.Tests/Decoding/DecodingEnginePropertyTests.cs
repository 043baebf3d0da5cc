using CsCheck;

namespace EdgeAI.Generation.Tests;

/// <summary>Whatever comes when, each sequence gives what it gives alone, nothing is lost, and every slot comes back.</summary>
[TestClass]
public sealed class DecodingEnginePropertyTests
{
    private const int Capacity = 48;

    private static readonly Gen<Arrival> _arrival = Gen.Select(
        Gen.Int[0, 6],
        Gen.Int[0, 3],
        Gen.Int[1, 20],
        Gen.Int[1, 12],
        Gen.Int[0, 25],
        Gen.Bool,
        (steps, family, length, tokens, cancelAfter, reuse) => new Arrival(steps, family, length, tokens, cancelAfter < 12 ? cancelAfter : null, reuse));

    [TestMethod]
    public void Step_RandomArrivalsAndCancellations_EachGivesWhatItGivesAlone() =>
        Gen.Select(_arrival.List[1, 14], Gen.Int[1, 4], Gen.Int[1, 9], Gen.Int[1, 5], Gen.Int[0, 60]).Sample(
            (arrivals, slots, chunk, sharedChunk, prefixRows) => Check(arrivals, new HistoryDecoder(slots, Capacity, maxChunk: chunk), new DecodingLimits { SharedChunk = sharedChunk, PrefixCacheBytes = prefixRows * sizeof(int) }),
            iter: 2000);

    [TestMethod]
    public void Step_DraftsAreVerified_EachGivesWhatItGivesAlone() =>
        Gen.Select(_arrival.List[1, 6], Gen.Int[2, 6]).Sample(
            (arrivals, maxLogits) => Check(arrivals, new HistoryDecoder(2, Capacity, vocabulary: 3, maxChunk: 8, maxLogits: maxLogits), new DecodingLimits { SharedChunk = 4 }),
            iter: 1000);

    [TestMethod]
    public void Step_RunsFailNowAndThen_TheOthersGiveWhatTheyGiveAlone() =>
        Gen.Select(_arrival.List[1, 10], Gen.Int[1, 4], Gen.Int[2, 20]).Sample(
            (arrivals, slots, every) =>
            {
                var runs = 0;
                var decoder = new HistoryDecoder(slots, Capacity)
                {
                    Running = (kind, _, _) =>
                    {
                        if (kind is "prefill" or "decode" && ++runs % every == 0) throw new InvalidOperationException("broken");
                    },
                };
                Check(arrivals, decoder, new DecodingLimits { SharedChunk = 4, PrefixCacheBytes = 100 }, mayFail: true);
            },
            iter: 1000);

    private static void Check(List<Arrival> arrivals, HistoryDecoder decoder, DecodingLimits limits, bool mayFail = false)
    {
        using var fixture = new EngineFixture(decoder, limits);
        var failing = decoder.Running;
        decoder.Running = (kind, slot, count) =>
        {
            // Each row costs a little beside the run, so that drafts pay.
            fixture.Time.Advance(TimeSpan.FromMilliseconds(10 + count));
            failing?.Invoke(kind, slot, count);
        };
        var cancelled = new HashSet<GenerationSequence>();
        var sequences = new List<(Arrival Arrival, GenerationSequence Sequence)>();
        foreach (var arrival in arrivals)
        {
            for (var i = 0; i < arrival.StepsBefore; i++) Step();
            sequences.Add((arrival, fixture.Submit(arrival.Prompt(decoder.VocabularySize), arrival.Tokens, arrival.Reuse)));
        }

        for (var steps = 0; fixture.Engine.HasWork; steps++)
        {
            Assert.IsTrue(steps < 10_000, "the engine does not come to an end");
            Step();
        }

        foreach (var (arrival, sequence) in sequences)
        {
            var tokens = EngineFixture.Read(sequence, out var error);
            var expected = HistoryDecoder.Expected(arrival.Prompt(decoder.VocabularySize), arrival.Tokens, decoder.VocabularySize);
            Assert.AreEqual(SequenceState.Ended, sequence.State);
            CollectionAssert.AreEqual(expected[..tokens.Length], tokens);
            if (error is not null) Assert.IsTrue(mayFail && error is DeviceFaultException, error.ToString());
            if (cancelled.Contains(sequence) || error is not null) continue;
            Assert.AreEqual(arrival.Tokens, tokens.Length);
            Assert.AreEqual(FinishReason.Length, sequence.FinishReason);
        }

        Assert.AreEqual(0, fixture.Engine.Active);
        Assert.IsTrue(fixture.Engine.Slots.All(slot => slot.Owner is null));
        Assert.IsTrue(fixture.Engine.Prefixes.Bytes <= limits.PrefixCacheBytes);

        void Step()
        {
            fixture.Engine.Step();
            foreach (var (arrival, sequence) in sequences)
            {
                if (sequence.State == SequenceState.Ended || sequence.GeneratedCount < arrival.CancelAfter || arrival.CancelAfter is null) continue;
                cancelled.Add(sequence);
                fixture.Engine.Cancel(sequence);
            }
        }
    }

    /// <summary>A request; families share beginnings.</summary>
    private sealed record Arrival(int StepsBefore, int Family, int Length, int Tokens, int? CancelAfter, bool Reuse)
    {
        public int[] Prompt(int vocabulary) => [.. Enumerable.Range(0, Length).Select(i => (i < 9 ? (7 * Family) + i : (31 * i) + Length) % vocabulary)];
    }
}
