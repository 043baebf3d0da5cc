using System.Text;
using EdgeAI;
using EdgeAI.Samples.Quickstart;
using Microsoft.Extensions.DependencyInjection;

const int Seed = 14;
const int Shown = 6;
const int Images = 1000;

Console.OutputEncoding = Encoding.UTF8;

var model = ModelSource.FromFile(Path.Combine(AppContext.BaseDirectory, "digits.onnx"));
await using var services = new ServiceCollection().AddEdgeAI().AddCpu().AddModel("digits", model).Services.BuildServiceProvider();

var engine = services.GetRequiredService<IInferenceEngine>();
Report.Devices(await engine.GetDevicesAsync());

var digits = PaintedDigit.Paint(Seed, Images);
var reader = new DigitReader(services.GetRequiredKeyedService<IModelHandle>("digits"));
var answers = new List<Answer>();
foreach (var digit in digits) answers.Add(new Answer(digit, await reader.ReadAsync(digit.Pixels)));

Report.Digits(answers.Take(Shown));
Report.Accuracy(answers);

var loads = new List<(int Clients, LoadMeasurement Measured)>();
foreach (var clients in new[] { 1, 16 })
{
    loads.Add((clients, await ClosedLoop.RunAsync(clients, TimeSpan.FromSeconds(3), number => reader.ReadAsync(digits[number % Images].Pixels))));
}

Report.Loads(loads);
