using System.CommandLine;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Npy;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Cli.Commands;

/// <summary><c>edgeai run</c>: one inference, tensors from and to <c>.npy</c> files.</summary>
internal static class RunCommand
{
    public static Command Create(ToolHost host)
    {
        var model = ModelArgument.Create();
        var inputs = InputOption.Create();
        var folder = new Option<string>("--output", "-o") { HelpName = "DIR", Description = "The folder for the outputs; created where it is missing", Required = true }.NotEmpty();
        var device = DeviceOption.Create();
        var command = new Command("run", "Run a model once, from .npy files to .npy files") { model, inputs, folder, device };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var services = EngineServices.Create(host, arguments);
            var engine = services.GetRequiredService<IInferenceEngine>();
            await using var handle = await engine
                .LoadModelAsync(ModelSource.FromFile(arguments.GetRequiredValue(model)), new ModelOptions { DeviceId = arguments.GetValue(device) }, cancellationToken)
                .ConfigureAwait(false);
            var report = await RunAsync(handle, arguments.GetRequiredValue(inputs), arguments.GetRequiredValue(folder), cancellationToken).ConfigureAwait(false);
            host.Write(arguments, report, ReportJson.Instance.RunReport, RunView.Render);
        });
        return command;
    }

    private static async Task<RunReport> RunAsync(IModelHandle model, KeyValuePair<string, string>[] inputs, string folder, CancellationToken cancellationToken)
    {
        using var tensors = InputTensors.Read(inputs, model.Signature);
        using var response = await model.RunAsync(tensors.ToRequest(), cancellationToken).ConfigureAwait(false);

        var target = Directory.CreateDirectory(folder).FullName;
        var files = OutputFileNames.Choose(response.OutputNames);
        var outputs = new List<OutputReport>();
        for (var i = 0; i < files.Length; i++)
        {
            var name = response.OutputNames[i];
            var file = Path.Join(target, files[i]);
            using var tensor = await response[name].ToHostAsync(cancellationToken).ConfigureAwait(false);
            NpyWriter.Write(file, tensor);
            outputs.Add(new OutputReport(name, tensor.ElementType.ToName(), ToArray(tensor.Lengths), file));
        }

        var timings = response.Timings;
        return new RunReport(timings.DeviceId, timings.BatchSize, timings.Queued.TotalMilliseconds, timings.Executed.TotalMilliseconds, outputs);
    }

    private static long[] ToArray(ReadOnlySpan<nint> lengths)
    {
        var array = new long[lengths.Length];
        for (var axis = 0; axis < array.Length; axis++) array[axis] = lengths[axis];
        return array;
    }
}
