using System.Diagnostics;
using System.Numerics.Tensors;
using EdgeAI.Samples.Digits;
using EdgeAI.Samples.Neuromorphic;
using EdgeAI.Samples.Tests.Digits;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Samples.Tests.Neuromorphic;

/// <summary>The quickstart's model on the toy device.</summary>
[TestClass]
public sealed class DigitsOnTheToyTests
{
    private static readonly string _path = Path.Combine(AppContext.BaseDirectory, "digits.onnx");

    [TestMethod]
    public async Task RunAsync_Digits_AnswersAsOnnxRuntime()
    {
        const int Images = 64;
        var painter = new DigitPainter(seed: 99);
        var pixels = new float[Images * DigitPainter.PixelCount];
        for (var i = 0; i < Images; i++) painter.PaintAny(pixels.AsSpan(i * DigitPainter.PixelCount));
        var model = await File.ReadAllBytesAsync(_path);
        using var plain = new PlainSession(model);
        var expected = plain.Run(pixels, Images);

        var (answer, lengths) = await Toy.RunAsync(model, pixels, [Images, 1, 28, 28]);

        CollectionAssert.AreEqual(new nint[] { Images, 10 }, lengths);
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], answer[i], 1e-5f, $"probability {i}");
    }

    [TestMethod]
    public async Task Engine_RequestsPinned_RunWhereTheyWereAsked()
    {
        await using var services = new ServiceCollection().AddEdgeAI().AddCpu().AddNeuromorphic().AddModel("digits", ModelSource.FromFile(_path)).Services.BuildServiceProvider();
        var model = services.GetRequiredKeyedService<IModelHandle>("digits");
        var pixels = new float[DigitPainter.PixelCount];
        new DigitPainter(seed: 3).Paint(5, pixels);
        using var image = TensorValue.Create(pixels, 1, 1, 28, 28);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            model.RunAsync(new InferenceRequest { ["image"] = image, DeviceId = i % 2 == 0 ? "cpu:0" : NeuromorphicDeviceProvider.DeviceId })));

        for (var i = 0; i < answers.Length; i++)
        {
            Assert.AreEqual(i % 2 == 0 ? "cpu:0" : NeuromorphicDeviceProvider.DeviceId, answers[i].Timings.DeviceId);
            Assert.AreEqual(5, TensorPrimitives.IndexOfMax(answers[i]["probabilities"].AsSpan<float>()));
            answers[i].Dispose();
        }
    }

    [TestMethod]
    public async Task Sample_AsAProcess_EndsByItselfWithCodeZero()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "EdgeAI.Samples.CustomProvider.dll");
        var start = new ProcessStartInfo("dotnet", [path]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.AreEqual(0, process.ExitCode, await error);
        Assert.Contains("neuromorphic:0", await output);
        Assert.Contains("200 of 200", await output);
    }
}
