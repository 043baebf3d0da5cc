namespace EdgeAI.Generation.Tests;

/// <summary>Deadlines against what is known of the decoder's pace: a token of a prompt takes 10 ms, a step 20 ms.</summary>
[TestClass]
public sealed class AdmissionTests : IDisposable
{
    private readonly EngineFixture _fixture = Create(slots: 1);

    public void Dispose() => _fixture.Dispose();

    [TestMethod]
    public void Step_PromptTakesLongerThanTheDeadline_IsRefusedBeforeAnythingIsComputed()
    {
        Learn(_fixture, answerTokens: 2);
        _fixture.Decoder.Runs.Clear();
        var sequence = Submit(_fixture, Prompt(40), Milliseconds(399));

        _fixture.Engine.Step();

        var error = Rejection(sequence);
        Assert.AreEqual(RejectionReason.DeadlineInfeasible, error.Reason);
        Assert.AreEqual(Milliseconds(400), error.PredictedDuration);
        Assert.IsNull(error.RetryAfter, "no wait makes the prompt shorter");
        StringAssert.Contains(error.Message, "0.4 s, for 40 tokens");
        Assert.IsEmpty(_fixture.Decoder.Runs);
        Assert.IsFalse(_fixture.Engine.HasWork);
    }

    [TestMethod]
    public void Step_DeadlineCanJustBeMet_IsServedInTime()
    {
        Learn(_fixture, answerTokens: 2);
        var sequence = Submit(_fixture, Prompt(40), Milliseconds(400));

        _fixture.RunToEnd();

        Assert.HasCount(2, EngineFixture.Read(sequence));
        Assert.AreEqual(Milliseconds(400), _fixture.Engine.UsageOf(sequence).TimeToFirstToken);
    }

    [TestMethod]
    public void Step_QueueIsTooLong_IsRefusedWithTheTimeAfterWhichItFits()
    {
        Learn(_fixture, answerTokens: 11);
        var running = _fixture.Submit(Prompt(8, from: 20), 11);
        var waiting = _fixture.Submit(Prompt(8, from: 30), 11);
        _fixture.Engine.Step();
        Assert.AreEqual(SequenceState.Decoding, running.State);

        // Ten steps; a prompt, and ten steps after the token that comes with it; then its own prompt.
        var predicted = (10 * 20) + 80 + (10 * 20) + 80;
        var refused = Submit(_fixture, Prompt(8, from: 40), Milliseconds(300));
        _fixture.Engine.Sweep();

        var error = Rejection(refused);
        Assert.AreEqual(RejectionReason.DeadlineInfeasible, error.Reason);
        Assert.AreEqual(predicted, error.PredictedDuration!.Value.TotalMilliseconds, 0.001);
        Assert.AreEqual(predicted - 300, error.RetryAfter!.Value.TotalMilliseconds, 0.001);
        Assert.AreEqual(SequenceState.Waiting, waiting.State);

        // Who comes again then is served in time.
        var until = _fixture.Clock.Now + error.RetryAfter.Value.Ticks;
        while (_fixture.Clock.Now < until) _fixture.Engine.Step();
        var again = Submit(_fixture, Prompt(8, from: 40), Milliseconds(300));
        _fixture.RunToEnd();
        Assert.HasCount(2, EngineFixture.Read(again));
        Assert.IsLessThanOrEqualTo(Milliseconds(300), _fixture.Engine.UsageOf(again).TimeToFirstToken);
    }

    [TestMethod]
    public void Step_UrgentOneComes_CountsOnlyThoseThatGoBeforeIt()
    {
        Learn(_fixture, answerTokens: 6);
        _fixture.Submit(Prompt(8, from: 20), 6);
        _fixture.Engine.Step();
        for (var i = 0; i < 5; i++) _fixture.Submit(Prompt(8, from: 30), 6);
        var urgent = _fixture.Submit(new GenerationRequest(Prompt(8, from: 40)) { Deadline = Milliseconds(200), Priority = RequestPriority.High, Options = new() { MaxTokens = 2 } });

        _fixture.RunToEnd();

        Assert.HasCount(2, EngineFixture.Read(urgent));
    }

    [TestMethod]
    public void Step_PrefixIsKept_CountsOnlyWhatIsNew()
    {
        Learn(_fixture, answerTokens: 2, prompt: Prompt(40));
        var sequence = Submit(_fixture, (int[])[.. Prompt(40), 7], Milliseconds(100));

        _fixture.RunToEnd();

        Assert.HasCount(2, EngineFixture.Read(sequence));
        Assert.AreEqual(40, sequence.CachedTokens);
    }

    [TestMethod]
    public void Step_NothingIsKnownYet_IsServed()
    {
        var sequence = Submit(_fixture, Prompt(40), Milliseconds(400));

        _fixture.RunToEnd();

        Assert.HasCount(2, EngineFixture.Read(sequence));
    }

    [TestMethod]
    public void Step_PaceWasObservedLongAgo_RefusesNobody()
    {
        _fixture.Decoder.Running = (_, _, count) => _fixture.Time.Advance(Milliseconds(1000 * count));
        Learn(_fixture, answerTokens: 2);
        _fixture.Decoder.Running = (_, _, count) => _fixture.Time.Advance(Milliseconds(count));
        _fixture.Time.Advance(TimeSpan.FromSeconds(31));
        var sequence = Submit(_fixture, Prompt(40), Milliseconds(400));

        _fixture.RunToEnd();

        Assert.HasCount(2, EngineFixture.Read(sequence));
    }

    [TestMethod]
    public void Step_ThoseBeforeTookLongerThanExpected_IsRefusedWhenItsTurnComesTooLate()
    {
        Learn(_fixture, answerTokens: 2);
        _fixture.Submit(Prompt(8, from: 20), 30);
        _fixture.Engine.Step();
        var sequence = Submit(_fixture, Prompt(40), Milliseconds(600));
        _fixture.Engine.Sweep();
        Assert.AreEqual(SequenceState.Waiting, sequence.State);
        var computed = 0;
        _fixture.Decoder.Running = (kind, _, count) =>
        {
            if (kind == "prefill") computed += count;
            _fixture.Time.Advance(Milliseconds(20));
        };

        _fixture.RunToEnd();

        var error = Rejection(sequence);
        Assert.AreEqual(RejectionReason.DeadlineInfeasible, error.Reason);
        Assert.AreEqual(TimeSpan.Zero, error.RetryAfter, "the slot is free now");
        Assert.AreEqual(0, computed);
    }

    [TestMethod]
    public void Submit_QueueIsFull_TellsWhenTheNextSlotIsFree()
    {
        using var fixture = Create(slots: 2, new DecodingLimits { MaxQueueLength = 1, SharedChunk = 8, Speculates = false });
        Learn(fixture, answerTokens: 11);
        var first = fixture.Submit(Prompt(8, from: 20), 11);
        fixture.Engine.Step();
        fixture.Engine.Step();
        fixture.Submit(Prompt(8, from: 30), 11);
        fixture.Engine.Step();
        fixture.Submit(Prompt(8, from: 40), 11);
        fixture.Engine.Step();

        var error = Assert.ThrowsExactly<RequestRejectedException>(() => fixture.Submit(Prompt(8), 2));

        Assert.AreEqual(RejectionReason.QueueFull, error.Reason);
        Assert.AreEqual((11 - first.GeneratedCount) * 20, error.RetryAfter!.Value.TotalMilliseconds, 0.001);
    }

    private static EngineFixture Create(int slots, DecodingLimits? limits = null)
    {
        var fixture = new EngineFixture(new HistoryDecoder(slots, capacity: 128), limits ?? new DecodingLimits { SharedChunk = 8, Speculates = false, PrefixCacheBytes = 1 << 20 });
        fixture.Decoder.Running = (kind, _, count) => fixture.Time.Advance(Milliseconds(kind == "prefill" ? count * 10 : 20));
        return fixture;
    }

    private static void Learn(EngineFixture fixture, int answerTokens, int[]? prompt = null)
    {
        fixture.Submit(prompt ?? Prompt(8, from: 10), answerTokens);
        fixture.RunToEnd();
    }

    private static GenerationSequence Submit(EngineFixture fixture, int[] prompt, TimeSpan deadline) =>
        fixture.Submit(new GenerationRequest(prompt) { Deadline = deadline, Options = new() { MaxTokens = 2, Speculate = false } });

    private static int[] Prompt(int length, int from = 0) => [.. Enumerable.Range(0, length).Select(i => (from + i) % 50)];

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    private static RequestRejectedException Rejection(GenerationSequence sequence)
    {
        EngineFixture.Read(sequence, out var error);
        return (RequestRejectedException)error!;
    }
}
