using CsCheck;
using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests.Compute;

[TestClass]
public sealed class EchoComputeTests
{
    [TestMethod]
    public async Task RunAsync_OtherShape_HoldsTheSumsOfItsOwnRows()
    {
        var model = Model([Spec("x", TensorElementType.Float32, -1, 3)], [Spec("y", TensorElementType.Float32, -1, 2)]);
        var outputs = await RunAsync(model, TensorValue.Create(new float[] { 1, 2, 3, 10, 20, 30 }, 2, 3));
        CollectionAssert.AreEqual(new float[] { 6, 6, 60, 60 }, outputs[0].AsSpan<float>().ToArray());
    }

    [TestMethod]
    public async Task RunAsync_OtherType_SaturatesTheSum()
    {
        var model = Model([Spec("x", TensorElementType.Int32, -1, 2)], [Spec("y", TensorElementType.UInt8, -1, 1), Spec("z", TensorElementType.Boolean, -1, 1), Spec("b", TensorElementType.BFloat16, -1, 1)]);
        var outputs = await RunAsync(model, TensorValue.Create([1, 2, 200, 100, -5, 5], 3, 2));
        CollectionAssert.AreEqual(new byte[] { 3, 255, 0 }, outputs[0].AsSpan<byte>().ToArray());
        CollectionAssert.AreEqual(new[] { true, true, false }, outputs[1].AsSpan<bool>().ToArray());
        CollectionAssert.AreEqual(new float[] { 3, 300, 0 }, outputs[2].AsSpan<BFloat16>().ToArray().Select(value => (float)value).ToArray());
    }

    [TestMethod]
    public async Task RunAsync_TwoOfAKind_EchoesTheInputAtItsOwnIndex()
    {
        var model = Model([Spec("a", TensorElementType.Int64, -1), Spec("b", TensorElementType.Int64, -1)], [Spec("c", TensorElementType.Int64, -1), Spec("d", TensorElementType.Int64, -1)]);
        var outputs = await RunAsync(model, TensorValue.Create(new long[] { 1 }, 1), TensorValue.Create(new long[] { 2 }, 1));
        Assert.AreEqual(1, outputs[0].AsSpan<long>()[0]);
        Assert.AreEqual(2, outputs[1].AsSpan<long>()[0]);
    }

    [TestMethod]
    public async Task RunAsync_SymbolOnAnotherAxis_GivesItsLength()
    {
        var signature = new ModelSignature(
            [new TensorSpec("state", TensorElementType.Float32, [2, -1], [null, "n"])],
            [new TensorSpec("y", TensorElementType.Float32, [-1, 1], ["n", null])]);
        var outputs = await RunAsync(ModelDescriptors.Create("m", signature), TensorValue.Create(new float[10], 2, 5));
        CollectionAssert.AreEqual(new nint[] { 5, 1 }, outputs[0].Lengths.ToArray());
    }

    [TestMethod]
    public async Task RunAsync_Strings_PassThrough()
    {
        var model = Model([Spec("x", TensorElementType.String, -1)], [Spec("y", TensorElementType.String, -1), Spec("z", TensorElementType.String, -1, 2)]);
        var outputs = await RunAsync(model, TensorValue.CreateStrings(["eins", "zwei"], 2));
        CollectionAssert.AreEqual(new[] { "eins", "zwei" }, outputs[0].AsStrings().ToArray());
        Assert.IsTrue(outputs[1].AsStrings().ToArray().All(text => text.Length == 0));
    }

    [TestMethod]
    public async Task RunAsync_PackedType_EchoesBytes()
    {
        var model = Model([Spec("x", TensorElementType.Int4, -1)], [Spec("y", TensorElementType.Int4, -1)]);
        using var input = TensorValue.Create(new NativeBuffer(2), TensorElementType.Int4, 3);
        input.AsWritableSpan<byte>()[0] = 0x21;
        input.AsWritableSpan<byte>()[1] = 0x03;
        var outputs = await RunAsync(model, input);
        CollectionAssert.AreEqual(new byte[] { 0x21, 0x03 }, outputs[0].AsSpan<byte>().ToArray());
    }

    [TestMethod]
    public void RunAsync_StackedRows_AnswerAsTheyDoAlone() =>
        Gen.Float[-100, 100].Array[3].Array[1, 8].Sample(rows =>
        {
            var model = Model([Spec("x", TensorElementType.Float32, -1, 3)], [Spec("y", TensorElementType.Float32, -1, 2)]);
            var together = RunAsync(model, TensorValue.Create(rows.SelectMany(row => row).ToArray(), rows.Length, 3)).GetAwaiter().GetResult();
            for (var i = 0; i < rows.Length; i++)
            {
                var alone = RunAsync(model, TensorValue.Create(rows[i], 1, 3)).GetAwaiter().GetResult();
                CollectionAssert.AreEqual(alone[0].AsSpan<float>().ToArray(), together[0].AsSpan<float>().Slice(2 * i, 2).ToArray());
            }
        });

    [TestMethod]
    public async Task Compute_AnswersOfTheWrongType_AreRefused()
    {
        var model = ModelDescriptors.Create("m", Simulation.EchoModel.Signature, compute: _ => [TensorValue.Create(new long[3], 1, 3)]);
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => RunAsync(model, Simulation.Rows(1, 2, 3)));
    }

    [TestMethod]
    public async Task Compute_AnswersWithItsInput_LeavesTheInputToTheCaller()
    {
        using var input = Simulation.Rows(1, 2, 3);
        var outputs = await RunAsync(ModelDescriptors.Create("m", Simulation.EchoModel.Signature, compute: inputs => inputs), input);
        Assert.IsFalse(input.IsFreed);
        Assert.AreNotEqual(input.Buffer.Address, outputs[0].Buffer.Address);
    }

    private static TensorSpec Spec(string name, TensorElementType type, params nint[] lengths) =>
        new(name, type, lengths, [.. lengths.Select(length => length < 0 ? "n" : null)]);

    private static ModelDescriptor Model(TensorSpec[] inputs, TensorSpec[] outputs) => ModelDescriptors.Create("m", new ModelSignature(inputs, outputs));

    private static async Task<IReadOnlyList<TensorValue>> RunAsync(ModelDescriptor model, params TensorValue[] inputs)
    {
        await using var session = await Simulation.OpenAsync(new SimulatedDevice("sim:0"), model);
        return await session.RunAsync(inputs);
    }
}
