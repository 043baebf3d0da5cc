using CsCheck;
using EdgeAI.Devices;
using EdgeAI.Memory;

namespace EdgeAI.Batching;

/// <summary>Copies of rows against a loop over every element.</summary>
[TestClass]
public sealed class CopyRowsTests
{
    private static readonly TensorElementType[] _types =
        [TensorElementType.Float32, TensorElementType.Float64, TensorElementType.Float16, TensorElementType.UInt8, TensorElementType.Int64, TensorElementType.Boolean];

    [TestMethod]
    public void CopyRows_AnyRankAxisAndType_CopiesWhatALoopCopies() =>
        Gen.Select(Gen.Int[0, 4].Array[1, 4], Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 4]).Sample((shape, axisSeed, type, fromRow, toRow, rows) =>
        {
            var axis = axisSeed % shape.Length;
            using var from = Make(_types[type], shape, axis, fromRow + rows + 1, 1);
            using var to = Make(_types[type], shape, axis, toRow + rows + 1, 101);
            var expected = TensorBytes.Of(to).ToArray();
            CopyNaively(from, fromRow, to, expected, toRow, rows, axis);

            TensorBytes.CopyRows(from, fromRow, to, toRow, rows, axis);

            CollectionAssert.AreEqual(expected, TensorBytes.Of(to).ToArray());
        });

    [TestMethod]
    public void Stack_ThenCut_GivesEveryPartBackAndReturnsItsMemory() =>
        Gen.Select(Gen.Int[1, 4].Array[1, 4], Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[1, 4].Array[1, 6]).Sample((shape, axisSeed, type, rows) =>
        {
            var axis = axisSeed % shape.Length;
            using var pool = new BufferPool(HostMemory.Shared, 1 << 20, clearOnReturn: false);
            var tensors = new BatchTensors(pool);
            TensorValue[] parts = [.. rows.Select((count, i) => Make(_types[type], shape, axis, count, (byte)(i * 37)))];

            using (var stacked = tensors.Stack(parts, axis))
            {
                Assert.AreEqual(rows.Sum(), stacked.Lengths[axis]);
                nint row = 0;
                foreach (var part in parts)
                {
                    using var cut = tensors.Cut(stacked, row, part.Lengths[axis], axis);
                    CollectionAssert.AreEqual(TensorBytes.Of(part).ToArray(), TensorBytes.Of(cut).ToArray());
                    row += part.Lengths[axis];
                    part.Dispose();
                }
            }

            Assert.AreEqual(0, pool.RentedBytes);
        });

    private static TensorValue Make(TensorElementType type, int[] shape, int axis, int rows, byte seed)
    {
        nint[] lengths = [.. shape.Select((length, i) => (nint)(i == axis ? rows : length))];
        var tensor = TensorValue.Create(new NativeBuffer(type.ByteLength(TensorShape.GetElementCount(lengths)), clear: true), type, lengths);
        var bytes = TensorBytes.Of(tensor);
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(seed + (i * 7));
        return tensor;
    }

    private static void CopyNaively(TensorValue from, int fromRow, TensorValue to, byte[] target, int toRow, int rows, int axis)
    {
        var source = TensorBytes.Of(from);
        var size = (int)from.ElementType.ByteLength(1);
        for (var element = 0; element < (int)from.ElementCount; element++)
        {
            var index = new int[from.Lengths.Length];
            for (int axisAt = index.Length - 1, rest = element; axisAt >= 0; axisAt--) (rest, index[axisAt]) = Math.DivRem(rest, (int)from.Lengths[axisAt]);
            if (index[axis] < fromRow || index[axis] >= fromRow + rows) continue;
            index[axis] += toRow - fromRow;
            var place = 0;
            for (var axisAt = 0; axisAt < index.Length; axisAt++) place = (place * (int)to.Lengths[axisAt]) + index[axisAt];
            source.Slice(element * size, size).CopyTo(target.AsSpan(place * size));
        }
    }
}
