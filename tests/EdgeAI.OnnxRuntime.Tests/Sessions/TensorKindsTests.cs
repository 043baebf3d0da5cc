using System.Runtime.InteropServices;
using EdgeAI.Devices;
using EdgeAI.Onnx;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>Element types, ranks and memory of every sort pass through unchanged.</summary>
[TestClass]
public sealed class TensorKindsTests
{
    // ONNX Runtime's CPU build has Identity for all of these. The managed package alone could not open the 8-bit floats.
    public static IEnumerable<object[]> Types => Enum.GetValues<TensorElementType>()
        .Where(t => t.BitWidth() >= 8 && t is not (TensorElementType.Complex64 or TensorElementType.Complex128 or TensorElementType.Float8E8M0))
        .Select(t => new object[] { t });

    [TestMethod]
    [DynamicData(nameof(Types))]
    public async Task RunAsync_EveryElementType_BytesComeBack(TensorElementType type)
    {
        await using var session = await OpenAsync(Unary("Identity", type, "n"));
        var buffer = new NativeBuffer(type.ByteLength(5));
        var bytes = new byte[(int)buffer.ByteLength];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(type == TensorElementType.Boolean ? i % 2 : 17 * i + 3);
        Marshal.Copy(bytes, 0, buffer.Address, bytes.Length);
        using var x = TensorValue.Create(buffer, type, 5);

        var outputs = await session.RunAsync([x]);

        using var y = outputs[0];
        Assert.AreEqual(type, y.ElementType);
        Assert.AreEqual(5, y.Lengths[0]);
        var back = new byte[bytes.Length];
        Marshal.Copy(y.Buffer.Address, back, 0, back.Length);
        CollectionAssert.AreEqual(bytes, back);
    }

    [TestMethod]
    [DataRow(TensorElementType.Int4, new float[] { -8, 7, 3, -1, 5 })]
    [DataRow(TensorElementType.UInt4, new float[] { 0, 15, 3, 9, 5 })]
    public async Task RunAsync_FourBitElements_ArePackedLowHalfFirst(TensorElementType type, float[] values)
    {
        OnnxTensor scale = OnnxTensor.Scalar("scale", 1f), zero = OnnxTensor.Create("zero", type, OnnxTensorData.FromMemory(new byte[1]));
        await using var packing = await OpenAsync(Graph([new("QuantizeLinear", ["x", "scale", "zero"], ["y"])], [Value("x", 5)], [Value("y", type, 5)], scale, zero));
        await using var unpacking = await OpenAsync(Graph([new("DequantizeLinear", ["x", "scale", "zero"], ["y"])], [Value("x", type, 5)], [Value("y", 5)], scale, zero));
        using var x = TensorValue.Create(values, 5);

        using var packed = (await packing.RunAsync([x]))[0];
        using var unpacked = (await unpacking.RunAsync([packed]))[0];

        Assert.AreEqual(type, packed.ElementType);
        Assert.AreEqual(((int)values[1] & 15) << 4 | ((int)values[0] & 15), packed.AsSpan<byte>()[0]);
        CollectionAssert.AreEqual(values, unpacked.AsSpan<float>().ToArray());
    }

    [TestMethod]
    public async Task RunAsync_Scalar_HasNoAxes()
    {
        await using var session = await OpenAsync(Unary("Neg", Float));
        using var x = TensorValue.Create([3f]);

        var outputs = await session.RunAsync([x]);

        using var y = outputs[0];
        Assert.AreEqual(0, y.Lengths.Length);
        Assert.AreEqual(-3f, y.AsSpan<float>()[0]);
    }

    [TestMethod]
    public async Task RunAsync_NoElements_KeepsShape()
    {
        await using var session = await OpenAsync(Unary("Neg", Float, "n", 3));
        using var x = TensorValue.Create(Array.Empty<float>(), 0, 3);

        var outputs = await session.RunAsync([x]);

        using var y = outputs[0];
        CollectionAssert.AreEqual(new nint[] { 0, 3 }, y.Lengths.ToArray());
        Assert.IsTrue(y.AsSpan<float>().IsEmpty);
    }

    [TestMethod]
    public async Task RunAsync_NoElementsBothBound_Works()
    {
        await using var session = await OpenAsync(Unary("Neg", Float, "n"));
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create(Array.Empty<float>(), 0);
        using var y = TensorValue.Create(Array.Empty<float>(), 0);
        binding.SetInput(0, x);
        binding.SetOutput(0, y);

        await binding.RunAsync();

        Assert.AreSame(y, binding.GetOutput(0));
    }

    [TestMethod]
    public async Task RunAsync_ManyAxes_KeepsShape()
    {
        nint[] lengths = [.. Enumerable.Repeat((nint)1, 20), 3];
        await using var session = await OpenAsync(Unary("Neg", Float, [.. lengths.Select(l => (OnnxDimension)(long)l)]));
        using var x = TensorValue.Create([1f, 2f, 3f], lengths);

        var outputs = await session.RunAsync([x]);

        using var y = outputs[0];
        CollectionAssert.AreEqual(lengths, y.Lengths.ToArray());
    }

    [TestMethod]
    public async Task RunAsync_SlicedMemory_ReadsFromItsStart()
    {
        await using var session = await OpenAsync(Double());
        var data = Enumerable.Range(0, 100).Select(i => (float)i).ToArray();
        using var x = TensorValue.Create(data.AsMemory(7, 5), 5);

        var outputs = await session.RunAsync([x]);

        using var y = outputs[0];
        CollectionAssert.AreEqual(new[] { 14f, 16f, 18f, 20f, 22f }, y.AsSpan<float>().ToArray());
    }

    [TestMethod]
    public async Task RunAsync_AddressesNotAligned_InputAndOutputAreCopiedRight()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();
        var memory = new byte[64];
        using var x = TensorValue.Create(new ShiftedBuffer(memory, 1, 12), Float, 3);
        using var y = TensorValue.Create(new ShiftedBuffer(memory, 33, 12), Float, 3);
        binding.SetInput(0, x);
        binding.SetOutput(0, y);

        foreach (var value in (float[])[1, 2])
        {
            for (var i = 0; i < 3; i++) BitConverter.TryWriteBytes(memory.AsSpan(1 + 4 * i), value + i);
            await binding.RunAsync();
            for (var i = 0; i < 3; i++) Assert.AreEqual(2 * (value + i), BitConverter.ToSingle(memory, 33 + 4 * i));
        }
    }

    [TestMethod]
    public async Task RunAsync_Strings_PassInAndOut()
    {
        await using var session = await OpenAsync(Graph(
            [new("StringConcat", ["a", "b"], ["y"])], [Value("a", TensorElementType.String, "n"), Value("b", TensorElementType.String, "n")], [Value("y", TensorElementType.String, "n")]));
        using var binding = session.CreateBinding();
        string[] first = ["", "grün", "a\0b", "日本"];
        using var a = TensorValue.CreateStrings(first, 4);
        using var b = TensorValue.CreateStrings(["x", "", "c", "語"], 4);
        binding.SetInput(0, a);
        binding.SetInput(1, b);
        await binding.RunAsync();
        using (var y = binding.GetOutput(0)) CollectionAssert.AreEqual(new[] { "x", "grün", "a\0bc", "日本語" }, y.AsStrings().ToArray());

        first[0] = "later";
        await binding.RunAsync();
        using (var y = binding.GetOutput(0)) Assert.AreEqual("laterx", y.AsStrings()[0], "a run reads the strings as they are then");
    }

    [TestMethod]
    public async Task SetOutput_Strings_AreRefused()
    {
        await using var session = await OpenAsync(Unary("Identity", TensorElementType.String, "n"));
        using var binding = session.CreateBinding();
        using var destination = TensorValue.CreateStrings(["a"], 1);

        Assert.ThrowsExactly<InvalidInputException>(() => binding.SetOutput(0, destination));
    }

    /// <summary>Pinned memory that starts at any byte, as a device's own buffer might.</summary>
    private sealed class ShiftedBuffer(byte[] memory, int offset, nuint length) : DeviceBuffer(length, isHostAccessible: true)
    {
        private readonly GCHandle _pin = GCHandle.Alloc(memory, GCHandleType.Pinned);

        public override nint Address => _pin.AddrOfPinnedObject() + offset;

        protected override void Free() => _pin.Free();
    }
}
