using System.Text.Json;
using EdgeAI.Samples.Voice;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Samples.Tests.Voice;

/// <summary>The sample on real speech, against answers recorded from another runtime.</summary>
[TestClass]
public sealed class VoiceDetectorTests : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddEdgeAI().AddCpu().Services.BuildServiceProvider();

    public TestContext TestContext { get; set; } = null!;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [TestMethod]
    public async Task DetectAsync_RecordedSpeech_MatchesTheGoldenAnswers()
    {
        var folder = SharedData.Require("models/silero-vad");
        var sound = WavFile.Read(Path.Combine(folder, "jfk-16k.wav"));
        using var golden = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "golden.json"), TestContext.CancellationToken));
        var expected = golden.RootElement.GetProperty("probabilities").EnumerateArray().Select(p => p.GetSingle()).ToArray();
        await using var model = await LoadAsync(Path.Combine(folder, "silero_vad_v5.onnx"));
        using var detector = new VoiceDetector(model, sound.SampleRate);

        for (var i = 0; i < expected.Length; i++)
        {
            var probability = await detector.DetectAsync(sound.Samples.AsMemory(i * detector.ChunkLength, detector.ChunkLength), TestContext.CancellationToken);
            Assert.AreEqual(expected[i], probability, 1e-4f, $"chunk {i}");
        }
    }

    [TestMethod]
    public async Task Constructor_AnotherModel_SaysWhatItExpected()
    {
        await using var model = await LoadAsync(Path.Combine(AppContext.BaseDirectory, "digits.onnx"));

        var error = Assert.ThrowsExactly<NotSupportedException>(() => new VoiceDetector(model, 16000));

        StringAssert.Contains(error.Message, "This is not Silero VAD version 5: the model is (image float32[batch,1,28,28])");
    }

    [TestMethod]
    public async Task Constructor_OtherSampleRate_NamesIt()
    {
        await using var model = await LoadAsync(Path.Combine(AppContext.BaseDirectory, "digits.onnx"));

        var error = Assert.ThrowsExactly<NotSupportedException>(() => new VoiceDetector(model, 44100));

        StringAssert.Contains(error.Message, "44100 samples per second; the model takes 8000 or 16000");
    }

    private ValueTask<IModelHandle> LoadAsync(string path) =>
        _services.GetRequiredService<IInferenceEngine>().LoadModelAsync(ModelSource.FromFile(path), cancellationToken: TestContext.CancellationToken);
}
