using System.Buffers;

namespace EdgeAI.Tests.Tensors;

[TestClass]
public sealed class TensorValueTests
{
    [TestMethod]
    public void Create_Array_SharesItsMemory()
    {
        float[] data = [1, 2, 3, 4, 5, 6];
        using var tensor = TensorValue.Create(data, 2, 3);

        tensor.AsWritableSpan<float>()[4] = 50;

        Assert.AreEqual(50, data[4]);
        Assert.AreEqual(TensorElementType.Float32, tensor.ElementType);
        Assert.AreEqual(6, tensor.AsTensorSpan<float>()[1, 2]);
    }

    [TestMethod]
    public void Create_NoLengths_IsAScalar()
    {
        using var tensor = TensorValue.Create(new long[] { 16000 });

        Assert.AreEqual(0, tensor.Lengths.Length);
        Assert.AreEqual(1, tensor.ElementCount);
        Assert.AreEqual(16000, tensor.AsSpan<long>()[0]);
    }

    [TestMethod]
    public void Create_ZeroLength_IsEmpty()
    {
        using var tensor = TensorValue.Create(Array.Empty<float>(), 1, 4, 0, 8);

        Assert.AreEqual(0, tensor.ElementCount);
        Assert.IsTrue(tensor.AsSpan<float>().IsEmpty);
    }

    [TestMethod]
    public void Create_LengthsDoNotFit_ThrowsInvalidInput()
    {
        Assert.ThrowsExactly<InvalidInputException>(() => TensorValue.Create(new float[5], 2, 3));
        Assert.ThrowsExactly<InvalidInputException>(() => TensorValue.Create(new float[6], -2, -3));
        Assert.ThrowsExactly<InvalidInputException>(() => TensorValue.Create(new float[1], nint.MaxValue, 4));
        Assert.ThrowsExactly<InvalidInputException>(() => TensorValue.Create(new NativeBuffer(7), TensorElementType.Float32, 2));
        Assert.ThrowsExactly<InvalidInputException>(() => TensorValue.CreateStrings(["a"], 2));
        Assert.ThrowsExactly<InvalidInputException>(() => TensorValue.CreateStrings([null!], 1));
    }

    [TestMethod]
    public void AsSpan_OtherType_Throws()
    {
        using var tensor = TensorValue.Create(new float[2], 2);

        Assert.ThrowsExactly<InvalidOperationException>(() => tensor.AsSpan<int>());
        Assert.ThrowsExactly<InvalidOperationException>(() => tensor.AsStrings());
    }

    [TestMethod]
    public void AsWritableSpan_ReadOnlyMemory_Throws()
    {
        using var tensor = TensorValue.Create(new ReadOnlyMemory<int>([1, 2]), 2);

        Assert.AreEqual(2, tensor.AsSpan<int>()[1]);
        Assert.ThrowsExactly<InvalidOperationException>(() => tensor.AsWritableSpan<int>());
    }

    [TestMethod]
    public void Dispose_WhileRetained_KeepsTheStorage()
    {
        var owner = new CountingOwner(4);
        var tensor = TensorValue.Create<float>(owner, 4);
        tensor.Retain();

        tensor.Dispose();
        tensor.Dispose();
        Assert.AreEqual(0, owner.Disposals);
        tensor.Release();

        Assert.AreEqual(1, owner.Disposals);
        Assert.IsTrue(tensor.IsFreed);
        Assert.ThrowsExactly<ObjectDisposedException>(() => tensor.AsSpan<float>());
        Assert.ThrowsExactly<ObjectDisposedException>(tensor.Retain);
        Assert.ThrowsExactly<InvalidOperationException>(tensor.Release);
    }

    [TestMethod]
    public void Slice_OfRows_SharesAndRetainsTheStorage()
    {
        var owner = new CountingOwner(6);
        var tensor = TensorValue.Create<float>(owner, 3, 2);
        tensor.AsWritableSpan<float>()[2] = 7;

        var row = tensor.Slice(1, 1);
        tensor.Dispose();

        CollectionAssert.AreEqual(new nint[] { 1, 2 }, row.Lengths.ToArray());
        Assert.AreEqual(7, row.AsSpan<float>()[0]);
        Assert.AreEqual(0, owner.Disposals);
        row.Dispose();
        Assert.AreEqual(1, owner.Disposals);
    }

    [TestMethod]
    public void Slice_OutsideOrOfAScalar_Throws()
    {
        using var tensor = TensorValue.Create(new float[6], 3, 2);
        using var scalar = TensorValue.Create(new float[1]);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => tensor.Slice(2, 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => tensor.Slice(-1, 1));
        Assert.ThrowsExactly<InvalidOperationException>(() => scalar.Slice(0, 1));
    }

    [TestMethod]
    public unsafe void Address_OfManagedMemory_StaysWhileTheCollectorMovesThings()
    {
        var data = new float[1000];
        using var tensor = TensorValue.Create(data.AsMemory(3, 10), 10);
        var address = tensor.Buffer.Address;

        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        data[3] = 42;

        Assert.AreEqual(42, *(float*)address);
        Assert.AreEqual(address, tensor.Buffer.Address);
    }

    [TestMethod]
    public async Task ToHostAsync_HostTensor_IsTheSameStorageOwnedSeparately()
    {
        var data = new float[] { 1, 2 };
        var tensor = TensorValue.Create(data, 2);
        using var copy = await tensor.ToHostAsync();
        tensor.Dispose();
        data[1] = 9;

        Assert.AreEqual(9, copy.AsSpan<float>()[1]);
    }

    [TestMethod]
    public void CreateStrings_Strings_HasNoBuffer()
    {
        using var tensor = TensorValue.CreateStrings(["a", "b"], 2);

        Assert.AreEqual("b", tensor.AsStrings()[1]);
        Assert.ThrowsExactly<NotSupportedException>(() => tensor.Buffer);
    }

    [TestMethod]
    public void AsSpan_PackedType_ShowsTheStoredBytes()
    {
        using var tensor = TensorValue.Create(new NativeBuffer(2, clear: true), TensorElementType.UInt4, 3);

        Assert.AreEqual(2, tensor.AsSpan<byte>().Length);
        Assert.AreEqual(1, tensor.Slice(0, 1).AsSpan<byte>().Length);
        Assert.ThrowsExactly<InvalidOperationException>(() => tensor.Slice(1, 1));
    }

    private sealed class CountingOwner(int length) : IMemoryOwner<float>
    {
        public int Disposals { get; private set; }

        public Memory<float> Memory { get; } = new float[length];

        public void Dispose() => Disposals++;
    }
}
