using System.Text.Json;
using EdgeAI.Cli;
using EdgeAI.Cli.Npy;

namespace EdgeAI.Integration.Tests;

/// <summary>Silero VAD against golden answers of another ONNX Runtime binding, the state fed back by hand.</summary>
[TestClass]
public sealed class SileroTests
{
    private const double Tolerance = 1e-4;

    [TestMethod]
    public async Task EdgeaiRun_ChunkByChunk_MatchesTheGoldenAnswers()
    {
        var model = SharedData.Require("models/silero-vad/silero_vad_v5.onnx");
        var golden = VoiceRecording.Load();
        var folder = Directory.CreateTempSubdirectory("edgeai-silero-");
        try
        {
            string PathOf(string name) => Path.Combine(folder.FullName, name);
            NpyWriter.Write(PathOf("sr.npy"), TensorValue.Create(new long[] { golden.SampleRate }));
            NpyWriter.Write(PathOf("stateN.npy"), TensorValue.Create(new float[2 * 128], 2, 1, 128));
            for (var chunk = 0; chunk < golden.Chunks; chunk++)
            {
                NpyWriter.Write(PathOf("input.npy"), TensorValue.Create(golden.Input(chunk), 1, golden.InputLength));
                using var output = new StringWriter();
                using var error = new StringWriter();
                var exitCode = await EdgeAITool.RunAsync(
                    ["run", model, "-i", $"input={PathOf("input.npy")}", "-i", $"state={PathOf("stateN.npy")}", "-i", $"sr={PathOf("sr.npy")}", "-o", folder.FullName, "--json"],
                    output,
                    error,
                    TimeProvider.System,
                    CancellationToken.None);
                Assert.AreEqual(0, exitCode, error.ToString());

                using var file = NpyReader.Read(PathOf("output.npy"));
                using var answer = file.ToTensor();
                Assert.AreEqual(golden.Probabilities[chunk], answer.AsSpan<float>()[0], Tolerance, $"chunk {chunk}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public async Task RunAsync_WarmedUpOnZeros_IsReadyAndRight()
    {
        // Zeros are no sample rate that the model knows: the warm-up may be refused, the model not.
        await using var host = new CpuHost();
        await using var model = await host.Engine.LoadModelAsync(ModelSource.FromFile(SharedData.Require("models/silero-vad/silero_vad_v5.onnx")), new ModelOptions { WarmUp = true });
        var golden = VoiceRecording.Load();

        using var answer = await model.RunAsync(new InferenceRequest
        {
            ["input"] = TensorValue.Create(golden.Input(0), 1, golden.InputLength),
            ["state"] = TensorValue.Create(new float[2 * 128], 2, 1, 128),
            ["sr"] = TensorValue.Create(new long[] { golden.SampleRate }),
        });

        Assert.AreEqual(golden.Probabilities[0], answer["output"].AsSpan<float>()[0], Tolerance);
    }

    /// <summary>The recording cut as the golden file says: the samples before and the new ones, scaled to -1 to 1.</summary>
    internal sealed class VoiceRecording(float[] samples, double[] probabilities, int sampleRate, int chunk, int context)
    {
        public int Chunks => probabilities.Length;

        public int SampleRate => sampleRate;

        public int InputLength => context + chunk;

        public double[] Probabilities => probabilities;

        public static VoiceRecording Load()
        {
            using var golden = JsonDocument.Parse(File.ReadAllText(SharedData.Require("models/silero-vad/golden.json")));
            var bytes = File.ReadAllBytes(SharedData.Require("models/silero-vad/jfk-16k.wav"));
            var data = bytes.AsSpan(bytes.AsSpan().IndexOf("data"u8) + 8);
            var samples = new float[data.Length / 2];
            for (var i = 0; i < samples.Length; i++) samples[i] = BitConverter.ToInt16(data[(2 * i)..]) / 32768f;
            return new VoiceRecording(
                samples,
                [.. golden.RootElement.GetProperty("probabilities").EnumerateArray().Select(p => p.GetDouble())],
                golden.RootElement.GetProperty("sampleRate").GetInt32(),
                golden.RootElement.GetProperty("chunk").GetInt32(),
                golden.RootElement.GetProperty("context").GetInt32());
        }

        public float[] Input(int index)
        {
            var input = new float[InputLength];
            for (var i = 0; i < input.Length; i++)
            {
                var at = (index * chunk) - context + i;
                if (at >= 0 && at < samples.Length) input[i] = samples[at];
            }

            return input;
        }
    }
}
