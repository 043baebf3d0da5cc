using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using EdgeAI;
using Microsoft.Extensions.DependencyInjection;

// Reads one digit and says how long that took since the process was started: compare the AOT publish with "dotnet run".
var services = new ServiceCollection();
services.AddEdgeAI().AddCpu().AddCuda();
await using var provider = services.BuildServiceProvider();
var engine = provider.GetRequiredService<IInferenceEngine>();

using var resource = typeof(Program).Assembly.GetManifestResourceStream("digits.onnx")!;
var bytes = new byte[resource.Length];
resource.ReadExactly(bytes);
await using var model = await engine.LoadModelAsync(ModelSource.FromBytes(bytes, "digits"));

// A "1": a vertical stroke.
var image = new float[28 * 28];
for (var y = 5; y < 23; y++) image[(y * 28) + 13] = image[(y * 28) + 14] = 1;
using var answer = await model.RunAsync(new InferenceRequest { ["image"] = TensorValue.Create(image, 1, 1, 28, 28) });
var sinceStart = DateTime.Now - Process.GetCurrentProcess().StartTime;

var digit = TensorPrimitives.IndexOfMax(answer["probabilities"].AsSpan<float>());
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"read {digit} on {answer.Timings.DeviceId}, {sinceStart.TotalMilliseconds:F0} ms after process start"));
return digit == 1 ? 0 : 1;
