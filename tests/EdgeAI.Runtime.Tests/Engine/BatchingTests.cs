using EdgeAI.Onnx;

namespace EdgeAI.Engine;

/// <summary>Requests that share a run: each caller gets exactly its rows.</summary>
[TestClass]
public sealed class BatchingTests
{
    [TestMethod]
    public async Task RunAsync_SeveralRowsEach_EachGetsItsRows()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadTwoOutputsAsync();
        var running = model.RunAsync(EngineFixture.Request());

        var runs = new[] { 1, 3, 2, 2 }.Select((rows, i) => model.RunAsync(EngineFixture.Request(i + 1, rows))).ToArray();
        await fixture.PassRunsAsync(2);

        (await running).Dispose();
        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(new[] { 1, 3, 2, 2 }[i], response["y"].Lengths[0]);
            Assert.IsFalse(response["y"].AsSpan<float>().ContainsAnyExcept(i + 1));
            Assert.IsFalse(response["z"].AsSpan<float>().ContainsAnyExcept(4 * (i + 1)));
            Assert.AreEqual(4, response.Timings.BatchSize);
            Assert.AreEqual(TimeSpan.FromSeconds(1), response.Timings.Queued);
        }

        CollectionAssert.AreEqual(new[] { 1, 8 }, fixture.Device.Runs.Select(run => run.BatchSize).ToArray());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task RunAsync_AnotherAxis_EachGetsItsColumns(bool outOfReach)
    {
        await using var fixture = EngineFixture.ForBatching(device => { EngineFixture.TakesOneSecond(device); device.IsHostAccessible = !outOfReach; });
        var value = OnnxValueInfo.Tensor("x", TensorElementType.Float32, 2, "batch", 3);
        await using var model = await fixture.LoadBatchingAsync(
            TestModels.Of("columns", [new OnnxNode("Identity", ["x"], ["y"])], [value], [value with { Name = "y" }]),
            options => { options.BatchAxes["x"] = 1; options.BatchAxes["y"] = 1; });
        var running = model.RunAsync(Columns(0, 1));

        var runs = new[] { 1, 3, 2 }.Select((rows, i) => model.RunAsync(Columns(i + 1, rows))).ToArray();
        await fixture.PassRunsAsync(2);

        (await running).Dispose();
        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            var expected = Columns(i + 1, new[] { 1, 3, 2 }[i])["x"];
            CollectionAssert.AreEqual(expected.Lengths.ToArray(), response["y"].Lengths.ToArray());
            CollectionAssert.AreEqual(expected.AsSpan<float>().ToArray(), response["y"].AsSpan<float>().ToArray());
            Assert.AreEqual(3, response.Timings.BatchSize);
        }

        static InferenceRequest Columns(int request, int rows) =>
            new() { ["x"] = TensorValue.Create(Enumerable.Range(0, 6 * rows).Select(i => (100f * request) + i).ToArray(), 2, rows, 3) };
    }

    [TestMethod]
    public async Task RunAsync_SharedInput_OnlyEqualContentsShareARun()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync(
            TestModels.Of(
                "rate",
                [new OnnxNode("Identity", ["x"], ["y"]), new OnnxNode("Identity", ["sr"], ["r"])],
                [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "batch", 4), OnnxValueInfo.Tensor("sr", TensorElementType.Int64)],
                [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "batch", 4), OnnxValueInfo.Tensor("r", TensorElementType.Int64)]),
            null,
            "x",
            "y");
        var running = model.RunAsync(WithRate(0, 8000));

        var runs = Enumerable.Range(1, 6).Select(i => model.RunAsync(WithRate(i, i % 2 == 0 ? 8000 : 16000))).ToArray();
        await fixture.PassRunsAsync(3);

        (await running).Dispose();
        for (var i = 1; i <= runs.Length; i++)
        {
            using var response = await runs[i - 1];
            Assert.AreEqual(3, response.Timings.BatchSize);
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
            Assert.AreEqual(i % 2 == 0 ? 8000 : 16000, response["r"].AsSpan<long>()[0]);
        }

        static InferenceRequest WithRate(float x, long rate) => new() { ["x"] = EngineFixture.Request(x)["x"], ["sr"] = TensorValue.Create(new[] { rate }) };
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task RunAsync_Destinations_AreWrittenInPlace(bool outOfReach)
    {
        await using var fixture = EngineFixture.ForBatching(device => { EngineFixture.TakesOneSecond(device); device.IsHostAccessible = !outOfReach; });
        await using var model = await fixture.LoadTwoOutputsAsync();
        var running = model.RunAsync(EngineFixture.Request());
        var data = Enumerable.Range(0, 4).Select(_ => new float[8]).ToArray();
        var runs = data.Select((own, i) =>
        {
            var request = EngineFixture.Request(i + 1, rows: 2);
            if (i % 2 == 0) request.SetOutput("y", TensorValue.Create(own, 2, 4));
            return model.RunAsync(request);
        }).ToArray();

        await fixture.PassRunsAsync(2);

        (await running).Dispose();
        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(4, response.Timings.BatchSize);
            Assert.IsFalse(response["y"].AsSpan<float>().ContainsAnyExcept(i + 1));
            Assert.IsFalse(data[i].AsSpan().ContainsAnyExcept(i % 2 == 0 ? i + 1 : 0));
        }
    }

    [TestMethod]
    public async Task RunAsync_DestinationOfTheWrongShape_FailsAlone()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync();
        var running = model.RunAsync(EngineFixture.Request());
        var wrong = EngineFixture.Request(1);
        wrong.SetOutput("y", TensorValue.Create(new float[12], 3, 4));
        var refused = model.RunAsync(wrong);
        var mates = Enumerable.Range(2, 3).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();

        // The batch of four, then halves: 2, 1, 1, 2.
        for (var run = 0; run < 6 && !Task.WhenAll(mates).IsCompleted; run++) await fixture.PassOneRunAsync();

        (await running).Dispose();
        await Assert.ThrowsExactlyAsync<InvalidInputException>(() => refused);
        for (var i = 0; i < mates.Length; i++)
        {
            using var response = await mates[i];
            Assert.AreEqual(i + 2, response["y"].AsSpan<float>()[0]);
        }
    }

    [TestMethod]
    public async Task RunAsync_DestinationOutOfTheHostsReach_RunsByItself()
    {
        await using var fixture = EngineFixture.ForBatching(device => { EngineFixture.TakesOneSecond(device); device.IsHostAccessible = false; });
        await using var model = await fixture.LoadBatchingAsync();
        using var destination = TensorValue.Create(fixture.Device.Memory.Allocate(16), TensorElementType.Float32, 1, 4);
        var running = model.RunAsync(EngineFixture.Request());
        var request = EngineFixture.Request(7);
        request.SetOutput("y", destination);
        var toDevice = model.RunAsync(request);
        var mate = model.RunAsync(EngineFixture.Request(8));

        await fixture.PassRunsAsync(3);

        (await running).Dispose();
        using (var response = await toDevice) Assert.AreEqual(1, response.Timings.BatchSize);
        (await mate).Dispose();
        var data = new float[4];
        using var read = TensorValue.Create(data, 1, 4);
        await fixture.Device.Memory.CopyAsync(destination, read);
        Assert.AreEqual(7, data[0]);
    }

    [TestMethod]
    public async Task RunAsync_BatchingNotAllowed_RunsByItself()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync();
        var running = model.RunAsync(EngineFixture.Request());
        var alone = model.RunAsync(new InferenceRequest { ["x"] = EngineFixture.Request(1)["x"], AllowBatching = false });
        var mates = Enumerable.Range(2, 3).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();

        await fixture.PassRunsAsync(3);

        (await running).Dispose();
        using (var response = await alone) Assert.AreEqual(1, response.Timings.BatchSize);
        foreach (var mate in mates)
        {
            using var response = await mate;
            Assert.AreEqual(3, response.Timings.BatchSize);
        }
    }

    [TestMethod]
    public async Task RunAsync_StringInputs_AreNeverStacked()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync(TestModels.ThreeOutputs(), null, "x", "y", "z");
        var runs = Enumerable.Range(0, 4).Select(i => model.RunAsync(
            new InferenceRequest { ["x"] = EngineFixture.Request(i)["x"], ["t"] = TensorValue.CreateStrings([$"{i}"], 1) })).ToArray();

        await fixture.PassRunsAsync(4);

        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(1, response.Timings.BatchSize);
            Assert.AreEqual($"{i}", response["s"].AsStrings()[0]);
        }
    }

    [TestMethod]
    public async Task RunAsync_OutOfTheHostsReach_IsStackedAndStaged()
    {
        await using var fixture = EngineFixture.ForBatching(device => { EngineFixture.TakesOneSecond(device); device.IsHostAccessible = false; });
        await using var model = await fixture.LoadBatchingAsync();
        var runs = Enumerable.Range(0, 9).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();

        await fixture.PassRunsAsync(2);

        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(i == 0 ? 1 : 8, response.Timings.BatchSize);
            Assert.IsFalse(response["y"].AsSpan<float>().ContainsAnyExcept(i));
        }
    }

    [TestMethod]
    public async Task RunAsync_InputThatLiesOnTheDevice_RunsByItself()
    {
        await using var fixture = EngineFixture.ForBatching(device => { EngineFixture.TakesOneSecond(device); device.IsHostAccessible = false; });
        await using var model = await fixture.LoadBatchingAsync();
        using var input = TensorValue.Create(fixture.Device.Memory.Allocate(16), TensorElementType.Float32, 1, 4);
        await fixture.Device.Memory.CopyAsync(EngineFixture.Request(5)["x"], input);
        var running = model.RunAsync(EngineFixture.Request());
        var onDevice = model.RunAsync(new InferenceRequest { ["x"] = input });
        var mate = model.RunAsync(EngineFixture.Request(6));

        await fixture.PassRunsAsync(3);

        (await running).Dispose();
        (await mate).Dispose();
        using var response = await onDevice;
        Assert.AreEqual(5, response["y"].AsSpan<float>()[0]);
        Assert.AreEqual(1, response.Timings.BatchSize);
    }

    // Runtimes take declared output shapes as a hint: what really came must not be forced into memory of another shape.
    [TestMethod]
    public async Task RunAsync_OutputsAreLongerThanDeclared_BatchesGoOnAndAnswerWhatTheDeviceGave()
    {
        await using var fixture = EngineFixture.ForBatching(device =>
        {
            EngineFixture.TakesOneSecond(device);
            device.Compute = inputs =>
            {
                var rows = (int)inputs[0].Lengths[0];
                var sums = new float[rows * 2];
                for (var row = 0; row < rows; row++) sums[2 * row] = sums[(2 * row) + 1] = inputs[0].AsSpan<float>()[4 * row];
                return [inputs[0], TensorValue.Create(sums, rows, 2)];
            };
        });
        await using var model = await fixture.LoadTwoOutputsAsync();

        for (var round = 0; round < 3; round++)
        {
            var runs = Enumerable.Range(1, 9).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();
            await fixture.PassRunsAsync(2);
            for (var i = 0; i < runs.Length; i++)
            {
                using var response = await runs[i];
                CollectionAssert.AreEqual(new float[] { i + 1, i + 1 }, response["z"].AsSpan<float>().ToArray());
                Assert.AreEqual(i == 0 ? 1 : 8, response.Timings.BatchSize);
            }
        }
    }

    [TestMethod]
    public async Task RunAsync_OrderKeys_KeepTheirOrderAcrossBatches()
    {
        var seen = new List<float>();
        await using var fixture = EngineFixture.ForBatching(device =>
        {
            EngineFixture.TakesOneSecond(device);
            device.Compute = inputs =>
            {
                for (var row = 0; row < inputs[0].Lengths[0]; row++) seen.Add(inputs[0].AsSpan<float>()[4 * row]);
                return [inputs[0]];
            };
        });
        await using var model = await fixture.LoadBatchingAsync();

        // Three keys, five requests each; one of a key is on its way at a time.
        var runs = Enumerable.Range(0, 15).Select(i => model.RunAsync(EngineFixture.Request(i, orderKey: $"key{i % 3}"))).ToArray();
        await fixture.PassRunsAsync(6);

        foreach (var run in runs) (await run).Dispose();
        foreach (var key in seen.GroupBy(value => (int)value % 3))
        {
            CollectionAssert.AreEqual(key.Order().ToArray(), key.ToArray());
            Assert.AreEqual(5, key.Count());
        }
    }
}
