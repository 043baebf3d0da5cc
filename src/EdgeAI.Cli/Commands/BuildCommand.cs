using System.CommandLine;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using EdgeAI.Generation;

namespace EdgeAI.Cli.Commands;

/// <summary><c>edgeai build</c>: from a published checkpoint, or a named shape with random weights, to a model folder for text generation.</summary>
internal static class BuildCommand
{
    public static Command Create(ToolHost host)
    {
        var source = new Argument<string>("SOURCE") { Description = "A folder in Hugging Face's form, a .gguf file, or synthetic:llama-7b" }.NotEmpty();
        var output = new Argument<string>("OUT") { Description = "The model's folder: new, empty, or an earlier build, which is replaced" }.NotEmpty();
        var options = new BuildArguments();
        var command = new Command("build", "Build a model for text generation from a checkpoint") { source, output };
        options.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var report = await ProgressBar.RunAsync(host.Progress, "Building", done => ModelBuilder.BuildAsync(
                arguments.GetRequiredValue(source),
                arguments.GetRequiredValue(output),
                options.Read(arguments),
                new Share(done),
                cancellationToken)).ConfigureAwait(false);
            host.Write(arguments, BuildReport.From(report), ReportJson.Instance.BuildReport, BuildView.Render);
        });
        return command;
    }

    // Progress<T> would report from other threads, late and out of order.
    private sealed class Share(Action<double> report) : IProgress<ModelBuildProgress>
    {
        public void Report(ModelBuildProgress value) => report((double)value.DoneParameters / value.TotalParameters);
    }
}
