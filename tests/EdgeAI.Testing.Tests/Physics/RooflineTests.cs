namespace EdgeAI.Testing.Tests.Physics;

[TestClass]
public sealed class RooflineTests
{
    private static readonly GemmRate[] _rates =
    [
        new(TensorElementType.Float32, 16, 8e9), new(TensorElementType.Float32, 1, 1e9),
        new(TensorElementType.Int8, 1, 4e9),
    ];

    private static readonly SimulatedCost _cost = new() { FlopsPerRow = 2e6, WeightBytes = 4e6, ActivationBytesPerRow = 1e4, Nodes = 10 };

    [TestMethod]
    public void DurationOf_BoundByMemory_IsBytesOverBandwidth()
    {
        // 4.01 MB at 1 GB/s take 4.01 ms; 2 MFLOP at 1 GFLOP/s take 2 ms.
        var roofline = new Roofline(_rates, 1e9, TimeSpan.Zero, TimeSpan.Zero);
        Assert.AreEqual(4010, roofline.DurationOf(_cost, rows: 1).TotalMicroseconds, 1e-6);
    }

    [TestMethod]
    public void DurationOf_BoundByComputing_IsOperationsOverTheRate()
    {
        // 16 rows: 32 MFLOP at 8 GFLOP/s take 4 ms; 4.16 MB at 10 GB/s take 0.416 ms.
        var roofline = new Roofline(_rates, 10e9, TimeSpan.Zero, TimeSpan.Zero);
        Assert.AreEqual(4000, roofline.DurationOf(_cost, rows: 16).TotalMicroseconds, 1e-6);
    }

    [TestMethod]
    [DataRow(1, 1e9)]
    [DataRow(6, 1e9 + (5 * 7e9 / 15))]
    [DataRow(16, 8e9)]
    [DataRow(500, 8e9)]
    public void DurationOf_RowsBetweenRates_FollowStraightLines(int rows, double rate)
    {
        var roofline = new Roofline(_rates, null, TimeSpan.Zero, TimeSpan.Zero);
        Assert.AreEqual(2e6 * rows / rate, roofline.DurationOf(_cost, rows).TotalSeconds, 1e-7);
    }

    [TestMethod]
    public void DurationOf_OtherTypes_TakeTheirOwnRateOrThatOfFloat32()
    {
        var roofline = new Roofline(_rates, null, TimeSpan.Zero, TimeSpan.Zero);
        Assert.AreEqual(500, roofline.DurationOf(_cost with { ElementType = TensorElementType.Int8 }, rows: 1).TotalMicroseconds, 1e-6);
        Assert.AreEqual(2000, roofline.DurationOf(_cost with { ElementType = TensorElementType.BFloat16 }, rows: 1).TotalMicroseconds, 1e-6);
    }

    [TestMethod]
    public void DurationOf_Overheads_AreAddedForTheRunAndEachNode()
    {
        var roofline = new Roofline([], null, TimeSpan.FromMicroseconds(50), TimeSpan.FromMicroseconds(3));
        Assert.AreEqual(80, roofline.DurationOf(_cost, rows: 7).TotalMicroseconds, 1e-6);
        Assert.IsFalse(roofline.IsFree);
        Assert.IsTrue(new Roofline([], null, TimeSpan.Zero, TimeSpan.Zero).IsFree);
    }

    [TestMethod]
    public void FromParameters_Descriptor_CountsTwoOperationsForEachParameter()
    {
        var model = ModelDescriptors.Create("m", Simulation.EchoModel.Signature, [new OperatorUse("", "MatMul", 3, 17), new OperatorUse("", "Add", 2, 17)], weightBytes: 400);
        Assert.AreEqual(new SimulatedCost { FlopsPerRow = 200, WeightBytes = 400, Nodes = 5 }, SimulatedCost.FromParameters(model));
    }
}
