using EdgeAI.Devices;

namespace EdgeAI.Tests.Devices;

[TestClass]
public sealed class HostMemoryTests
{
    [TestMethod]
    [DataRow(0u)]
    [DataRow(1u)]
    [DataRow(1000u)]
    public void Allocate_AnySize_IsAligned(uint bytes)
    {
        using var buffer = HostMemory.Shared.Allocate(bytes);

        Assert.AreEqual(bytes, buffer.ByteLength);
        Assert.AreEqual(0, buffer.Address % (nint)HostMemory.Shared.Alignment);
        Assert.IsTrue(buffer.IsHostAccessible);
    }

    [TestMethod]
    public async Task CopyAsync_OtherShapeSameElements_CopiesAll()
    {
        using var from = TensorValue.Create([1f, 2f, 3f, 4f], 2, 2);
        using var to = TensorValue.Create(HostMemory.Shared.Allocate(16), TensorElementType.Float32, 4);

        await HostMemory.Shared.CopyAsync(from, to);

        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f, 4f }, to.AsSpan<float>().ToArray());
    }

    [TestMethod]
    public async Task CopyAsync_SidesThatDoNotFit_Throws()
    {
        using var from = TensorValue.Create([1f, 2f], 2);
        using var longer = TensorValue.Create(new float[3], 3);
        using var other = TensorValue.Create(new int[2], 2);
        using var readOnly = TensorValue.Create(new ReadOnlyMemory<float>(new float[2]), 2);
        using var strings = TensorValue.CreateStrings(["a", "b"], 2);

        foreach (var to in (TensorValue[])[longer, other, readOnly, strings])
        {
            await Assert.ThrowsExactlyAsync<InvalidInputException>(async () => await HostMemory.Shared.CopyAsync(from, to));
        }
    }
}
