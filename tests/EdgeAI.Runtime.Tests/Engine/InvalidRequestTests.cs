namespace EdgeAI.Engine;

[TestClass]
public sealed class InvalidRequestTests
{
    [TestMethod]
    public async Task RunAsync_SeveralProblems_ListsAllWithTheSignature()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.Engine.LoadModelAsync(TestModels.ThreeOutputs());
        using var wrong = TensorValue.Create(new double[6], 2, 3);

        var exception = await Assert.ThrowsExactlyAsync<InvalidInputException>(() => model.RunAsync(new InferenceRequest { ["x"] = wrong, ["extra"] = wrong, OutputNames = ["nope"] }));

        CollectionAssert.AreEquivalent(
            new[]
            {
                "the input 'x' holds float64 instead of float32",
                "the input 'x' has a length of 3 instead of 4 on axis 1",
                "there is no input 'extra'",
                "the input 't' is missing",
                "there is no output 'nope'",
            },
            exception.Problems.ToArray());
        StringAssert.Contains(exception.Message, "x float32[batch,4]");
        Assert.AreSame(exception.Expected, model.Signature);
    }

    [TestMethod]
    [DataRow("rank", "the input 'x' has 3 axes [1,1,4] instead of 2 [batch,4]")]
    [DataRow("no rows", "the input 'x' has no rows: axis 0 is the batch and must be 1 or more")]
    [DataRow("disposed", "the input 'x' is already disposed")]
    [DataRow("negative", "the input 'x' has a negative length of -1 on axis 0")]
    [DataRow("huge", "the input 'x' has 4294967296 elements; at most 2147483647 are supported")]
    [DataRow("overflow", "the input 'x' has more elements than fit in memory")]
    public async Task RunAsync_UnfitTensor_SaysWhatIsWrong(string kind, string expected)
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync();
        using var tensor = Make(kind);

        var exception = await Assert.ThrowsExactlyAsync<InvalidInputException>(() => model.RunAsync(new InferenceRequest { ["x"] = tensor }));

        CollectionAssert.AreEqual(new[] { expected }, exception.Problems.ToArray());
        Assert.AreEqual(0, fixture.Device.Statistics.RunsStarted);
    }

    [TestMethod]
    public async Task RunAsync_UnfitDestination_SaysWhatIsWrong()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync();
        using var readOnly = TensorValue.Create(new ReadOnlyMemory<float>(new float[4]), 1, 4);
        using var wrongType = TensorValue.Create(new int[4], 1, 4);

        var first = EngineFixture.Request();
        first.SetOutput("y", readOnly);
        var second = EngineFixture.Request();
        second.SetOutput("y", wrongType);
        second.SetOutput("q", wrongType);

        StringAssert.Contains((await Assert.ThrowsExactlyAsync<InvalidInputException>(() => model.RunAsync(first))).Message, "read-only");
        Assert.HasCount(2, (await Assert.ThrowsExactlyAsync<InvalidInputException>(() => model.RunAsync(second))).Problems);
    }

    [TestMethod]
    public async Task RunAsync_AfterAnInvalidRequest_HoldsNoReference()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync();
        var good = TensorValue.Create(new float[4], 1, 4);
        await Assert.ThrowsExactlyAsync<InvalidInputException>(() => model.RunAsync(new InferenceRequest { ["x"] = good, ["extra"] = good }));

        good.Dispose();

        Assert.IsTrue(good.IsFreed);
        using var response = await model.RunAsync(EngineFixture.Request());
    }

    [TestMethod]
    public async Task RunAsync_OutputIsASequence_IsRefusedByName()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.Engine.LoadModelAsync(TestModels.WithSequence());

        var exception = await Assert.ThrowsExactlyAsync<InvalidInputException>(() => model.RunAsync(EngineFixture.Request()));

        Assert.AreEqual("the output 'list' is not a dense tensor and cannot be answered; name the outputs you need in OutputNames", exception.Problems.Single());
    }

    [TestMethod]
    public async Task RunAsync_Null_Throws()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync();

        await Assert.ThrowsExactlyAsync<ArgumentNullException>(() => model.RunAsync(null!));
    }

    private static TensorValue Make(string kind)
    {
        switch (kind)
        {
            case "rank": return TensorValue.Create(new float[4], 1, 1, 4);
            case "no rows": return TensorValue.Create(Array.Empty<float>(), 0, 4);
            case "negative": return new LyingTensor([-1, 4]);
            case "huge": return new LyingTensor([1L << 30, 4]);
            case "overflow": return new LyingTensor([1L << 62, 4]);
            default:
                var tensor = TensorValue.Create(new float[4], 1, 4);
                tensor.Dispose();
                return tensor;
        }
    }

    /// <summary>A tensor of a caller's own making, whose lengths nobody has checked.</summary>
    private sealed class LyingTensor(long[] lengths) : TensorValue
    {
        private readonly nint[] _lengths = [.. lengths.Select(l => (nint)l)];

        public override TensorElementType ElementType => TensorElementType.Float32;

        public override ReadOnlySpan<nint> Lengths => _lengths;

        public override bool IsHostAccessible => true;

        public override DeviceBuffer Buffer => throw new InvalidOperationException("Nobody may look.");

        protected override void Free()
        {
        }
    }
}
