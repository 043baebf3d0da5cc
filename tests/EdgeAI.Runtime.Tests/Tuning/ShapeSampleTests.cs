using EdgeAI.Batching;

namespace EdgeAI.Tuning;

[TestClass]
public sealed class ShapeSampleTests
{
    private static readonly ModelSignature _signature = new(
        [new TensorSpec("x", TensorElementType.Float32, [-1, 3]), new TensorSpec("sr", TensorElementType.Int64, [])],
        [new TensorSpec("y", TensorElementType.Float32, [-1, 3])]);

    private static readonly BatchLayout _layout = new([0, null], [0]);

    [TestMethod]
    public void Create_SeveralRows_EachIsAsItIsAloneAndSharedContentIsKept()
    {
        var sample = ShapeSample.Of(_signature, [TensorValue.Create(new float[6], 2, 3), TensorValue.Create(new[] { 16000L })]);

        var one = sample.Create(_layout, 1);
        var five = sample.Create(_layout, 5);

        Assert.AreEqual(5, five[0].Lengths[0]);
        for (var row = 0; row < 5; row++) Assert.IsTrue(one[0].AsSpan<float>().SequenceEqual(five[0].AsSpan<float>().Slice(3 * row, 3)));
        Assert.IsTrue(one[0].AsSpan<float>().ContainsAnyExcept(0f));
        Assert.AreEqual(16000, five[1].AsSpan<long>()[0]);
        foreach (var tensor in one.Concat(five)) tensor.Dispose();
    }

    [TestMethod]
    public void Of_Request_HoldsNothingOfItsContents()
    {
        var secret = new float[] { 1234, 1235, 1236 };
        var sample = ShapeSample.Of(_signature, [TensorValue.Create(secret, 1, 3), TensorValue.Create(new[] { 1L })]);

        foreach (var tensor in sample.Create(_layout, 2))
        {
            if (tensor.ElementType == TensorElementType.Float32) Assert.IsFalse(tensor.AsSpan<float>().ContainsAny(secret));
            tensor.Dispose();
        }
    }

    [TestMethod]
    public void Describe_OnlyRowsDiffer_IsEqual()
    {
        Assert.AreEqual(Of(1, 3, 8000), Of(7, 3, 8000));
        Assert.AreNotEqual(Of(1, 3, 8000), Of(1, 3, 16000));

        static string Of(int rows, int columns, long rate) =>
            ShapeSample.Of(_signature, [TensorValue.Create(new float[rows * columns], rows, columns), TensorValue.Create(new[] { rate })]).Describe(_layout);
    }

    [TestMethod]
    public void From_Signature_IsKnownOnlyWhereNothingIsLeftOpen()
    {
        var floats = new ModelSignature([new TensorSpec("x", TensorElementType.Float32, [-1, -1], ["batch", "width"])], []);
        var layout = new BatchLayout([0], []);

        Assert.IsNull(ShapeSample.From(_signature, null, new Dictionary<string, long>(), _layout), "an integer may be an index or a rate");
        Assert.IsNull(ShapeSample.From(floats, null, new Dictionary<string, long>(), layout), "the width is open");
        Assert.AreEqual("x[n,7]", ShapeSample.From(floats, null, new Dictionary<string, long> { ["width"] = 7 }, layout)!.Describe(layout));
        Assert.AreEqual("x[n,5]", ShapeSample.From(floats, new Dictionary<string, long[]> { ["x"] = [1, 5] }, new Dictionary<string, long>(), layout)!.Describe(layout));
    }
}
