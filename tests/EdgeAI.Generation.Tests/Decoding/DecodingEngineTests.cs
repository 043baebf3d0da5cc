namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class DecodingEngineTests
{
    [TestMethod]
    public void Step_OneSequence_GivesTheTokensOfGreedyDecoding()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        int[] prompt = [.. Enumerable.Range(3, 21)];
        var sequence = fixture.Submit(prompt, 17);

        fixture.RunToEnd();

        CollectionAssert.AreEqual(HistoryDecoder.Expected(prompt, 17), EngineFixture.Read(sequence));
        Assert.AreEqual(FinishReason.Length, sequence.FinishReason);
        Assert.AreEqual(0, fixture.Engine.Active);
    }

    [TestMethod]
    public void Step_EndTokenIsChosen_EndsWithoutIt()
    {
        int[] prompt = [1, 2, 3];
        var expected = HistoryDecoder.Expected(prompt, 12);
        var end = expected[^1];
        var length = Array.IndexOf(expected, end);
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64), null, end);
        var sequence = fixture.Submit(prompt, 40);

        fixture.RunToEnd();

        CollectionAssert.AreEqual(expected[..length], EngineFixture.Read(sequence));
        Assert.AreEqual(FinishReason.EndToken, sequence.FinishReason);
    }

    [TestMethod]
    public void Step_ContextIsFull_EndsForItsLength()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 16));
        int[] prompt = [1, 2, 3, 4, 5];
        var sequence = fixture.Submit(prompt, 1000);

        fixture.RunToEnd();

        CollectionAssert.AreEqual(HistoryDecoder.Expected(prompt, 11), EngineFixture.Read(sequence));
        Assert.AreEqual(FinishReason.Length, sequence.FinishReason);
    }

    [TestMethod]
    public void Step_SeveralDecode_ShareOneRun()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 3, capacity: 64));
        var sequences = Enumerable.Range(0, 3).Select(i => fixture.Submit(new[] { i + 1, 7 }, 10)).ToArray();

        fixture.RunToEnd();

        for (var i = 0; i < 3; i++) CollectionAssert.AreEqual(HistoryDecoder.Expected([i + 1, 7], 10), EngineFixture.Read(sequences[i]));
        Assert.IsTrue(fixture.Decoder.Runs.Count(run => run is { Kind: "decode", Count: 3 }) >= 6);
    }

    [TestMethod]
    public void Step_OneInTheMiddleEnds_TheOthersBecomeNeighbours()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 3, capacity: 64));
        var sequences = new[] { fixture.Submit(new[] { 1 }, 12), fixture.Submit(new[] { 2 }, 3), fixture.Submit(new[] { 3 }, 12) };

        fixture.RunToEnd();

        Assert.IsTrue(fixture.Decoder.Runs.Any(run => run.Kind == "copy"));
        Assert.AreEqual("decode", fixture.Decoder.Runs[^1].Kind);
        for (var i = 0; i < 3; i++) CollectionAssert.AreEqual(HistoryDecoder.Expected([i + 1], sequences[i].MaxTokens), EngineFixture.Read(sequences[i]));
    }

    [TestMethod]
    public void Step_LongPromptJoins_RunningSequencesGoOnAfterEachOfItsParts()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 2, capacity: 64));
        fixture.Submit(new[] { 1 }, 40);
        fixture.Engine.Step();
        fixture.Engine.Step();
        fixture.Decoder.Runs.Clear();
        fixture.Submit(Enumerable.Range(2, 12).ToArray(), 2);

        for (var i = 0; i < 6; i++) fixture.Engine.Step();

        (string, int)[] expected = [("prefill", 4), ("decode", 1), ("prefill", 4), ("decode", 1), ("prefill", 4), ("decode", 2)];
        CollectionAssert.AreEqual(expected, fixture.Decoder.Runs.Select(run => (run.Kind, run.Count)).ToArray());
    }

    [TestMethod]
    public void Step_Cancelled_EndsWithinOneStepAndFreesTheSlot()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        var sequence = fixture.Submit(new[] { 1, 2 }, 40);
        for (var i = 0; i < 3; i++) fixture.Engine.Step();

        fixture.Engine.Cancel(sequence);
        fixture.Engine.Step();

        Assert.AreEqual(0, fixture.Engine.Active);
        Assert.AreEqual(SequenceState.Ended, sequence.State);
        Assert.IsNull(sequence.FinishReason);
        CollectionAssert.AreEqual(HistoryDecoder.Expected([1, 2], 3), EngineFixture.Read(sequence));
    }

    [TestMethod]
    public void Step_CancelledWhileItWaits_NeverStarts()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        var first = fixture.Submit(new[] { 1 }, 5);
        fixture.Engine.Step();
        var second = fixture.Submit(new[] { 2 }, 5);

        fixture.Engine.Cancel(second);
        fixture.Engine.Step();

        Assert.AreEqual(SequenceState.Ended, second.State);
        Assert.AreEqual(0, fixture.Engine.Waiting);
        fixture.RunToEnd();
        CollectionAssert.AreEqual(HistoryDecoder.Expected([1], 5), EngineFixture.Read(first));
    }

    [TestMethod]
    public void Step_DeadlinePassesWhileItWaits_IsRejected()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        fixture.Submit(new[] { 1 }, 30);
        fixture.Engine.Step();
        var late = fixture.Submit(new GenerationRequest(new[] { 2 }) { Deadline = TimeSpan.FromSeconds(1) });

        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        fixture.Engine.Step();

        EngineFixture.Read(late, out var error);
        Assert.AreEqual(RejectionReason.DeadlineExceeded, ((RequestRejectedException)error!).Reason);
    }

    [TestMethod]
    public void Step_FirstTokenCameInTime_TheDeadlineIsOver()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        var sequence = fixture.Submit(new GenerationRequest(new[] { 2 }) { Deadline = TimeSpan.FromSeconds(1), Options = new() { MaxTokens = 5 } });
        fixture.Engine.Step();

        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        fixture.RunToEnd();

        CollectionAssert.AreEqual(HistoryDecoder.Expected([2], 5), EngineFixture.Read(sequence));
    }

    [TestMethod]
    public void Step_UrgentOneWaits_GetsTheNextSlot()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        fixture.Submit(new[] { 1 }, 2);
        fixture.Engine.Step();
        var normal = fixture.Submit(new[] { 2 }, 2);
        var urgent = fixture.Submit(new GenerationRequest(new[] { 3 }) { Priority = RequestPriority.High });

        fixture.Engine.Step();
        fixture.Engine.Step();

        Assert.AreNotEqual(SequenceState.Waiting, urgent.State);
        Assert.AreEqual(SequenceState.Waiting, normal.State);
    }

    [TestMethod]
    public void Step_LowPriorityHasWaitedLong_GoesBeforeNewerOnes()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        fixture.Submit(new[] { 1 }, 2);
        fixture.Engine.Step();
        var low = fixture.Submit(new GenerationRequest(new[] { 2 }) { Priority = RequestPriority.Low });
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        var high = fixture.Submit(new GenerationRequest(new[] { 3 }) { Priority = RequestPriority.High });

        fixture.Engine.Step();
        fixture.Engine.Step();

        Assert.AreNotEqual(SequenceState.Waiting, low.State);
        Assert.AreEqual(SequenceState.Waiting, high.State);
    }

    [TestMethod]
    public void Step_SharedRunFails_SequencesGoOnByThemselves()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 2, capacity: 64));
        var sequences = new[] { fixture.Submit(new[] { 1 }, 8), fixture.Submit(new[] { 2 }, 8) };
        fixture.Decoder.Running = (kind, slot, count) =>
        {
            if (kind == "decode" && (count == 2 || slot == sequences[1].Slot)) throw new InvalidOperationException("broken");
        };

        fixture.RunToEnd();

        CollectionAssert.AreEqual(HistoryDecoder.Expected([1], 8), EngineFixture.Read(sequences[0]));
        EngineFixture.Read(sequences[1], out var error);
        Assert.AreEqual("cpu:0", ((DeviceFaultException)error!).DeviceId);
        Assert.AreEqual(0, fixture.Engine.Active);
    }

    [TestMethod]
    public void Step_PrefillFails_EndsThatSequenceAndOthersGoOn()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 2, capacity: 64));
        var good = fixture.Submit(new[] { 1 }, 8);
        var bad = fixture.Submit(new[] { 2, 3, 4 }, 8);
        fixture.Decoder.Running = (kind, _, count) =>
        {
            if (kind == "prefill" && count == 3) throw new InvalidOperationException("broken");
        };

        fixture.RunToEnd();

        CollectionAssert.AreEqual(HistoryDecoder.Expected([1], 8), EngineFixture.Read(good));
        EngineFixture.Read(bad, out var error);
        Assert.IsInstanceOfType<DeviceFaultException>(error);
    }

    [TestMethod]
    public void Step_ConstraintThrows_EndsItsSequenceAlone()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 2, capacity: 64));
        var good = fixture.Submit(new[] { 1 }, 8);
        var bad = fixture.Submit(new GenerationRequest(new[] { 2 }) { Constraint = new ListConstraint([4, 5], failsAt: 1) });

        fixture.RunToEnd();

        CollectionAssert.AreEqual(HistoryDecoder.Expected([1], 8), EngineFixture.Read(good));
        CollectionAssert.AreEqual(new[] { 4 }, EngineFixture.Read(bad, out var error));
        Assert.IsInstanceOfType<NotSupportedException>(error);
    }

    [TestMethod]
    public void Step_ConstraintIsComplete_TheAnswerEnds()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        var sequence = fixture.Submit(new GenerationRequest(new[] { 2 }) { Constraint = new ListConstraint([4, 9, 40]) });

        fixture.RunToEnd();

        CollectionAssert.AreEqual(new[] { 4, 9, 40 }, EngineFixture.Read(sequence));
        Assert.AreEqual(FinishReason.EndToken, sequence.FinishReason);
    }

    [TestMethod]
    public void Step_TextRepeatsItself_DraftsAreVerifiedAndTheAnswerIsThatOfPlainSteps()
    {
        // With so few tokens an answer soon repeats what it had; a run costs the same whatever its rows, so drafts pay.
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 512, vocabulary: 2, maxChunk: 16, maxLogits: 5));
        fixture.Decoder.Running = (_, _, _) => fixture.Time.Advance(TimeSpan.FromMilliseconds(10));
        var sequence = fixture.Submit(new[] { 1, 0, 1 }, 400);

        fixture.RunToEnd();

        CollectionAssert.AreEqual(HistoryDecoder.Expected([1, 0, 1], 400, vocabulary: 2), EngineFixture.Read(sequence));
        Assert.IsTrue(sequence.AcceptedTokens > 20, $"{sequence.AcceptedTokens} of {sequence.DraftedTokens} drafted tokens were accepted");
        Assert.AreEqual(400 - sequence.AcceptedTokens, fixture.Decoder.Runs.Count);
    }

    [TestMethod]
    public void Close_SomeWait_TheyAreRejectedAndThoseInProgressGoOn()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        var running = fixture.Submit(new[] { 1 }, 8);
        fixture.Engine.Step();
        var waiting = fixture.Submit(new[] { 2 }, 8);

        fixture.Engine.Close();
        fixture.RunToEnd();

        CollectionAssert.AreEqual(HistoryDecoder.Expected([1], 8), EngineFixture.Read(running));
        EngineFixture.Read(waiting, out var error);
        Assert.AreEqual(RejectionReason.ShuttingDown, ((RequestRejectedException)error!).Reason);
        Assert.AreEqual(RejectionReason.ShuttingDown, Assert.ThrowsExactly<RequestRejectedException>(() => fixture.Submit(new[] { 1 }, 1)).Reason);
    }

    [TestMethod]
    public void Step_SteadyDecoding_AllocatesNothing()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 2, capacity: 512) { IsRecording = false });
        var sequences = new[] { fixture.Submit(new[] { 1 }, 400), fixture.Submit(new[] { 2 }, 400) };
        for (var i = 0; i < 100; i++) Turn();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++) Turn();

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Turn()
        {
            fixture.Engine.Step();
            foreach (var sequence in sequences) sequence.Pipe.TryRead(out _, out _, out _);
        }
    }
}
