using System.CommandLine;
using EdgeAI.Cli.Chat;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using EdgeAI.Generation;

namespace EdgeAI.Cli.Commands;

/// <summary>
/// <c>edgeai chat</c>: a conversation with a model. Reads a line a turn, also from a file or another program; with <c>--json</c> the whole conversation is written as one object
/// when the input has ended.
/// </summary>
internal static class ChatCommand
{
    public const string Name = "chat";

    public static Command Create(ToolHost host)
    {
        var model = new Argument<string>("MODEL") { Description = "A folder that edgeai build wrote" }.NotEmpty();
        var options = new ChatArguments();
        var command = new Command(Name, "Talk with a model, a line a turn; /help lists what else can be typed") { model };
        options.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var isQuiet = arguments.GetValue(host.Json);
            await using var services = EngineServices.Create(host, arguments);
            if (host.IsInteractive) ChatView.Aside(host.Progress, "Loading...");
            await using var generator = await LanguageModel.LoadAsync(services, host.TimeProvider, arguments.GetRequiredValue(model), options.Generator(arguments), cancellationToken).ConfigureAwait(false);
            using var client = generator.AsChatClient(timeProvider: host.TimeProvider);
            var session = new ChatSession(client, options.Chat(arguments), host, isQuiet) { System = options.System(arguments) };
            if (host.IsInteractive) ChatView.Aside(host.Progress, $"{generator.Model.Id}, {Quantities.Count(generator.Model.ContextLength)} tokens of context. /help lists what can be typed.");
            await session.RunAsync(cancellationToken).ConfigureAwait(false);
            if (isQuiet) JsonOutput.Write(host.Output, new ChatReport(generator.Model.Id, session.System, session.Turns), ReportJson.Instance.ChatReport);
        });
        return command;
    }
}
