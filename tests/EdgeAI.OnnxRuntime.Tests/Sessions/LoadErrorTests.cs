using EdgeAI.Devices;
using EdgeAI.Onnx;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>Models that the reader takes and ONNX Runtime refuses.</summary>
[TestClass]
public sealed class LoadErrorTests
{
    [TestMethod]
    public async Task OpenAsync_UnknownOperator_IsNamed() => await Refuses(Unary("Frobnicate", Float, "n"), "Frobnicate");

    [TestMethod]
    public async Task OpenAsync_UnknownOperatorOfKnownDomain_IsNamed() => await Refuses(InDomain("com.microsoft", 1), "com.microsoft.Frobnicate");

    [TestMethod]
    public async Task OpenAsync_UnknownDomain_IsNamed() => await Refuses(InDomain("my.domain", 3), "my.domain.Frobnicate");

    [TestMethod]
    public async Task OpenAsync_OperatorNewerThanOpset_IsNamed()
    {
        var error = await Refuses(Unary("Mish", Float, "n") with { OpsetImports = [new("", 12)] }, "Mish");

        StringAssert.Contains(error.Message, "opset 12");
    }

    [TestMethod]
    public async Task OpenAsync_OpsetTooNew_NamesOperatorAndNewestOpset()
    {
        var newest = OnnxOperatorSupport.NewestVersions[""];
        var error = await Refuses(Unary("Relu", Float, "n") with { OpsetImports = [new("", newest + 1)] }, "Relu");

        StringAssert.Contains(error.Message, $"up to {newest}");
    }

    [TestMethod]
    public async Task OpenAsync_NoKernelForType_IsNamed()
    {
        var error = await Refuses(Unary("Relu", TensorElementType.BFloat16, "n"), "Relu");

        StringAssert.Contains(error.Message, "'node'");
    }

    [TestMethod]
    public async Task OpenAsync_ShapesContradict_NamesTheNode()
    {
        var model = Graph([new("MatMul", ["x", "w"], ["y"]) { Name = "project" }], [Value("x", "n", 4)], [Value("y", "n", 2)], OnnxTensor.Create<float>("w", new float[6], 3, 2));

        var error = await Refuses(model, unknownOperator: null);

        StringAssert.Contains(error.Message, "project");
        Assert.AreEqual("test", error.ModelId);
    }

    [TestMethod]
    public async Task OpenAsync_UnknownAttribute_IsRefused() =>
        await Refuses(Graph([new("Relu", ["x"], ["y"], OnnxAttribute.Int("zonk", 3))], [Value("x", "n")], [Value("y", "n")]), unknownOperator: null);

    [TestMethod]
    public async Task OpenAsync_DescriptorWithoutContent_SaysWhatToDo()
    {
        using var descriptor = new BareDescriptor();

        var error = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => OpenAsync(descriptor).AsTask());

        StringAssert.Contains(error.Message, "OnnxModelDescriptor.Open");
    }

    [TestMethod]
    public async Task OpenAsync_Refused_DescriptorIsReleased()
    {
        var descriptor = Describe(Unary("Frobnicate", Float, "n"));
        await Assert.ThrowsExactlyAsync<ModelLoadException>(() => OpenAsync(descriptor).AsTask());

        descriptor.Dispose();

        Assert.IsTrue(descriptor.IsFreed);
    }

    private static OnnxModel InDomain(string domain, long version) =>
        new(new OnnxGraph("test", [new OnnxNode("Frobnicate", ["x"], ["y"]) { Domain = domain }], [Value("x", "n")], [Value("y", "n")]), 21, new OnnxOpsetImport(domain, version));

    private static async Task<ModelLoadException> Refuses(OnnxModel model, string? unknownOperator)
    {
        var error = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => OpenAsync(model));
        Assert.AreEqual(unknownOperator, error.UnknownOperator, error.Message);
        if (unknownOperator is not null) StringAssert.Contains(error.Message, unknownOperator);
        StringAssert.StartsWith(error.Message, "test: ");
        StringAssert.DoesNotMatch(error.Message, new("onnxruntime_src"), "no places in somebody else's source");
        return error;
    }

    private sealed class BareDescriptor : ModelDescriptor
    {
        public override string Id => "bare";

        public override ModelSignature Signature { get; } = new([], []);

        public override IReadOnlyList<OperatorUse> Operators => [];

        public override long ParameterCount => 0;

        public override long WeightBytes => 0;

        protected override void Free()
        {
        }
    }
}
