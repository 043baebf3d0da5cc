using EdgeAI.Devices;
using EdgeAI.Memory;

namespace EdgeAI.Batching;

[TestClass]
public sealed class BatchTensorsTests
{
    [TestMethod]
    public void Stack_MemoryWithoutRoom_UsesTheReserve()
    {
        var memory = new CountingMemory { Capacity = 200 };
        using var pool = new BufferPool(memory, maxIdleBytes: 0, clearOnReturn: false);
        using var reserve = new BufferPool(HostMemory.Shared, maxIdleBytes: 0, clearOnReturn: false);
        var tensors = new BatchTensors(pool, reserve);
        using TensorValue first = TensorValue.Create([1f, 2f], 1, 2), second = TensorValue.Create([3f, 4f], 1, 2);

        using var stacked = tensors.Stack([first, second], axis: 0);
        Assert.AreEqual((1, 0L), (memory.Live, reserve.RentedBytes));
        using var another = tensors.Stack([second, first], axis: 0);

        Assert.AreEqual((1, 128L), (memory.Live, reserve.RentedBytes));
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f, 4f }, stacked.AsSpan<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 3f, 4f, 1f, 2f }, another.AsSpan<float>().ToArray());
    }

    [TestMethod]
    public void Stack_NoReserve_IsOutOfMemory()
    {
        using var pool = new BufferPool(new CountingMemory { Capacity = 1 }, maxIdleBytes: 0, clearOnReturn: false);
        using var tensor = TensorValue.Create([1f], 1, 1);

        Assert.ThrowsExactly<InsufficientMemoryException>(() => new BatchTensors(pool).Stack([tensor], axis: 0));
    }
}
