using System.Buffers.Binary;
using System.Text.Json;
using EdgeAI.Devices;
using EdgeAI.Onnx;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>A real recurrent model against answers of another build of ONNX Runtime (shared/models/silero-vad/golden.json).</summary>
[TestClass]
public sealed class SileroTests
{
    private const int Context = 64, Chunk = 512;

    [TestMethod]
    public async Task Run_SpeechChunkByChunk_MatchesGolden()
    {
        using var model = OnnxModelDescriptor.Open(ModelSource.FromFile(SharedData.Require("models/silero-vad/silero_vad_v5.onnx")));
        using var golden = JsonDocument.Parse(File.ReadAllText(SharedData.Require("models/silero-vad/golden.json")));
        var expected = golden.RootElement.GetProperty("probabilities").EnumerateArray().Select(p => p.GetSingle()).ToArray();
        var samples = ReadSamples(SharedData.Require("models/silero-vad/jfk-16k.wav"));

        await using var session = await TestModels.OpenAsync(model);
        using var binding = session.CreateBinding();
        var audio = new float[Context + Chunk];
        using var input = TensorValue.Create(audio, 1, audio.Length);
        using var rate = TensorValue.Create([16000L]);
        using var probability = TensorValue.Create(new float[1], 1, 1);
        // Read and written in turn: the state goes round between two buffers, without a copy.
        TensorValue[] states = [TensorValue.Create(new float[256], 2, 1, 128), TensorValue.Create(new float[256], 2, 1, 128)];
        binding.SetInput(0, input);
        binding.SetInput(2, rate);
        binding.SetOutput(0, probability);

        for (var i = 0; i < expected.Length; i++)
        {
            for (var j = 0; j < audio.Length; j++) audio[j] = samples.ElementAtOrDefault(i * Chunk - Context + j);
            binding.SetInput(1, states[i % 2]);
            binding.SetOutput(1, states[(i + 1) % 2]);
            await binding.RunAsync();
            Assert.AreEqual(expected[i], probability.AsSpan<float>()[0], 1e-4f, $"chunk {i}");
        }

        foreach (var state in states) state.Dispose();
    }

    private static float[] ReadSamples(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var data = bytes.AsSpan().IndexOf("data"u8) + 8;
        var samples = new float[(bytes.Length - data) / 2];
        for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(data + 2 * i)) / 32768f;
        return samples;
    }
}
