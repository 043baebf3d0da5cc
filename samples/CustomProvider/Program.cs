using System.Text;
using EdgeAI;
using EdgeAI.Samples.CustomProvider;
using EdgeAI.Samples.Neuromorphic;
using Microsoft.Extensions.DependencyInjection;

const int Seed = 15;
const int Images = 200;
const int Shown = 8;
const float Tolerance = 1e-5f;

Console.OutputEncoding = Encoding.UTF8;

var model = ModelSource.FromFile(Path.Combine(AppContext.BaseDirectory, "digits.onnx"));
await using var services = new ServiceCollection().AddEdgeAI().AddCpu().AddNeuromorphic().AddModel("digits", model).Services.BuildServiceProvider();

Report.Devices(await services.GetRequiredService<IInferenceEngine>().GetDevicesAsync());

var reader = new DigitReader(services.GetRequiredKeyedService<IModelHandle>("digits"));
var digits = PaintedDigit.Paint(Seed, Images);
var comparisons = new List<Comparison>();
foreach (var digit in digits)
{
    // Pinned, so that both devices answer the same question.
    comparisons.Add(new Comparison(digit, await reader.ReadAsync(digit, "cpu:0"), await reader.ReadAsync(digit, NeuromorphicDeviceProvider.DeviceId)));
}

Report.Digits(comparisons.Take(Shown));
Report.Agreement(comparisons, Tolerance);

var readings = await Task.WhenAll(digits.Select((digit, number) => reader.ReadAsync(digit, DeviceFor(number))));
Report.Places(readings);
Report.Activity(services.GetRequiredService<SynapticActivity>());

return comparisons.All(comparison => comparison.Difference <= Tolerance) && readings.Any(reading => reading.DeviceId == NeuromorphicDeviceProvider.DeviceId) ? 0 : 1;

// A third is left to the engine, which spreads it over both by what it expects of them.
static string? DeviceFor(int number) => (number % 3) switch
{
    0 => "cpu:0",
    1 => NeuromorphicDeviceProvider.DeviceId,
    _ => null,
};
