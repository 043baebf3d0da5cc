using System.CommandLine;
using EdgeAI.Cli.Bench;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using EdgeAI.Devices;
using EdgeAI.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Cli.Commands;

/// <summary><c>edgeai explain</c>: where a model would run, how long that is expected to take, and why. Runs nothing.</summary>
internal static class ExplainCommand
{
    private const string NotMeasured = "the device has not been measured; 'edgeai devices --profile' does that";

    public static Command Create(ToolHost host)
    {
        var model = ModelArgument.Create();
        var shapes = ShapeOption.Create("An input's lengths; dynamic axes are 1 otherwise");
        var command = new Command("explain", "Predict where a model would run and how long that takes, without running it") { model, shapes };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(arguments.GetRequiredValue(model)));
            var report = await ExplainAsync(host, arguments, descriptor, arguments.GetRequiredValue(shapes), cancellationToken).ConfigureAwait(false);
            host.Write(arguments, report, ReportJson.Instance.ExplainReport, ExplainView.Render);
        });
        return command;
    }

    private static async Task<ExplainReport> ExplainAsync(ToolHost host, ParseResult arguments, OnnxModelDescriptor model, ShapeArgument[] shapes, CancellationToken cancellationToken)
    {
        var chosen = InputShapes.Choose(model.Signature, shapes);
        var lengths = model.Signature.Inputs.Zip(chosen).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
        CostReport cost;
        try
        {
            cost = CostReport.From(ModelCost.Estimate(model.Model, lengths));
        }
        catch (ArgumentException error)
        {
            throw new ToolException(error.Message, error);
        }

        await using var services = EngineServices.Create(host, arguments);
        var predictor = services.GetRequiredService<ILatencyPredictor>();
        var snapshots = await services.GetRequiredService<IInferenceEngine>().GetDevicesAsync(cancellationToken).ConfigureAwait(false);
        var candidates = new List<CandidateReport>();
        foreach (var provider in services.GetServices<IDeviceProvider>())
        {
            foreach (var device in (await provider.DiscoverAsync(cancellationToken).ConfigureAwait(false)).Devices)
            {
                if (snapshots.FirstOrDefault(snapshot => snapshot.Info.Id == device.Info.Id) is { } snapshot) candidates.Add(Judge(device, snapshot, model, lengths, predictor));
            }
        }

        return new ExplainReport(candidates, candidates.Where(candidate => candidate.PredictedMs is not null).MinBy(candidate => candidate.PredictedMs)?.Device, cost);
    }

    private static CandidateReport Judge(IDevice device, DeviceSnapshot snapshot, OnnxModelDescriptor model, Dictionary<string, nint[]> lengths, ILatencyPredictor predictor)
    {
        var support = device.Evaluate(model);
        if (support.Level == DeviceSupportLevel.None) return new CandidateReport(device.Info.Id, null, null, null, support.Reason ?? "the device does not run it", []);
        if (snapshot.Profile is null) return new CandidateReport(device.Info.Id, null, null, null, NotMeasured, []);
        var prediction = predictor.Predict(model, lengths, snapshot);
        IReadOnlyList<string> notes = support.Reason is { } reason ? [reason, .. prediction.Notes] : prediction.Notes;
        return new CandidateReport(device.Info.Id, prediction.Expected?.TotalMilliseconds, prediction.Lower?.TotalMilliseconds, prediction.Upper?.TotalMilliseconds, prediction.Reason, notes);
    }
}
