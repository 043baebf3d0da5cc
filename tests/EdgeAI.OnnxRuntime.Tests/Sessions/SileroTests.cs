using System.Text.Json;
using EdgeAI.Devices;
using EdgeAI.Onnx;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

[TestClass]
public sealed class SileroTests
{
    private sealed class Fake(byte[] bytes) : ModelDescriptor
    {
        public override string Id => "silero";
        public override ModelSignature Signature { get; } = new(
            [new("input", TensorElementType.Float32, [-1, -1]), new("state", TensorElementType.Float32, [2, -1, 128]), new("sr", TensorElementType.Int64, [])],
            [new("output", TensorElementType.Float32, [-1, 1]), new("stateN", TensorElementType.Float32, [-1, -1, -1])]);
        public override IReadOnlyList<OperatorUse> Operators => [];
        public override long ParameterCount => 0;
        public override long WeightBytes => 0;
        public override object? GetService(Type t) => t == typeof(OnnxModelContent) ? new OnnxModelContent(bytes, []) : base.GetService(t);
        protected override void Free() { }
    }

    [TestMethod]
    public async Task Run_SpeechChunkByChunk_MatchesGolden()
    {
        using var model = new Fake(File.ReadAllBytes(SharedData.Require("models/silero-vad/silero_vad_v5.onnx")));
        using var golden = JsonDocument.Parse(File.ReadAllText(SharedData.Require("models/silero-vad/golden.json")));
        Console.WriteLine(golden.RootElement.ToString()[..300]);
        await using var session = await OnnxSessionFactory.OpenAsync(model, new DeviceSessionOptions(), new OnnxSessionSetup { DeviceId = "cpu:0" });
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create(new float[576], 1, 576);
        using var s = TensorValue.Create(new float[256], 2, 1, 128);
        using var sr = TensorValue.Create(new long[] { 16000 });
        binding.SetInput(0, x);
        binding.SetInput(1, s);
        binding.SetInput(2, sr);
        await binding.RunAsync();
        using var y = binding.GetOutput(0);
        Console.WriteLine(y.AsSpan<float>()[0]);
        using var y2 = binding.GetOutput(1);
        Console.WriteLine(TensorShape.Format(y2.Lengths));
    }
}
