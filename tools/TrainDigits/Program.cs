using System.Globalization;
using EdgeAI.Onnx;
using EdgeAI.TrainDigits;

const int TestSeed = 77_000;
const int TestImages = 10_000;
const double RequiredAccuracy = 0.98;
const int StepsPerLine = 500;

var output = args.Length > 0 ? args[0] : Path.Combine("samples", "Quickstart", "digits.onnx");
if (args.Length > 1 || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output))))
{
    Console.Error.WriteLine($"Usage: dotnet run --project tools/TrainDigits -c Release [-- FILE.onnx], from the repository's root. The folder of '{output}' must exist.");
    return 2;
}

var options = new TrainingOptions();
var network = Network.ForDigits(options.Seed);
Console.WriteLine(Invariant($"Training {network.Parameters.Length:N0} parameters on {options.Steps * options.BatchSize:N0} digits."));

var loss = 0f;
Training.Run(network, options, (step, stepLoss) =>
{
    loss += stepLoss / StepsPerLine;
    if (step % StepsPerLine != 0) return;
    Console.WriteLine(Invariant($"step {step,5}  loss {loss:F4}"));
    loss = 0;
});

var accuracy = (double)Evaluation.CountCorrect(network, TestSeed, TestImages) / TestImages;
Console.WriteLine(Invariant($"{100 * accuracy:F2} % of {TestImages:N0} digits that it never saw."));
if (accuracy < RequiredAccuracy)
{
    Console.Error.WriteLine(Invariant($"That is less than {100 * RequiredAccuracy:F0} %; nothing was written. Train longer or with another seed."));
    return 1;
}

OnnxWriter.Write(OnnxExport.ToModel(network, [
    new("made_by", "EdgeAI tools/TrainDigits"),
    new("training_seed", Invariant($"{options.Seed}")),
    new("training_images", Invariant($"{options.Steps * options.BatchSize}")),
    new("test_seed", Invariant($"{TestSeed}")),
    new("test_images", Invariant($"{TestImages}")),
    new("test_accuracy", Invariant($"{accuracy}")),
]), output);
Console.WriteLine(Invariant($"{output}: {new FileInfo(output).Length:N0} bytes."));
return 0;

static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
