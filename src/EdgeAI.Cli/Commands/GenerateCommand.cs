using System.CommandLine;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Generate;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using EdgeAI.Generation;

namespace EdgeAI.Cli.Commands;

/// <summary><c>edgeai generate</c>: an answer to a prompt, as it comes, and how fast.</summary>
internal static class GenerateCommand
{
    public static Command Create(ToolHost host)
    {
        var options = new GenerateArguments();
        var command = new Command("generate", "Answer a prompt with a language model, and measure how fast");
        options.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var asked = options.ToOptions(arguments);
            await using var services = EngineServices.Create(host, arguments);
            await using var generator = await LanguageModel.LoadAsync(services, host.TimeProvider, asked.Folder, asked.Model, cancellationToken).ConfigureAwait(false);
            var report = await RunAsync(host, arguments, generator, asked, cancellationToken).ConfigureAwait(false);
            host.Write(arguments, report, ReportJson.Instance.GenerateReport, GenerateView.Render);
        });
        return command;
    }

    private static async Task<GenerateReport> RunAsync(ToolHost host, ParseResult arguments, ITextGenerator generator, GenerateOptions options, CancellationToken cancellationToken)
    {
        var run = new GenerateRun(generator, options, host.TimeProvider);
        if (arguments.GetValue(host.Json)) return await run.RunAsync(_ => { }, cancellationToken).ConfigureAwait(false);

        var live = new LiveText(host.Output);
        try
        {
            return await run.RunAsync(token => Show(live, token, generator.Tokenizer is not null), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            live.Complete();
        }
    }

    private static void Show(LiveText live, GeneratedToken token, bool hasText)
    {
        if (hasText) live.Write(token.Text);
        else live.Write(token.Id);
    }
}
