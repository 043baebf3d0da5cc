using System.Globalization;
using EdgeAI.TrainDigits;

const int TestSeed = 77_000;
const int TestImages = 10_000;
const int StepsPerLine = 500;

var options = new TrainingOptions();
var network = Network.ForDigits(options.Seed);
Console.WriteLine($"Training {network.Parameters.Length:N0} parameters on {options.Steps * options.BatchSize:N0} digits.");

var loss = 0f;
Training.Run(network, options, (step, stepLoss) =>
{
    loss += stepLoss / StepsPerLine;
    if (step % StepsPerLine != 0) return;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {step,5}  loss {loss:F4}"));
    loss = 0;
});

var accuracy = (double)Evaluation.CountCorrect(network, TestSeed, TestImages) / TestImages;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{accuracy:P2} of {TestImages:N0} digits that it never saw (seed {TestSeed})."));
