using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using EdgeAI.Generation;
using Microsoft.Extensions.AI;
using Spectre.Console;

namespace EdgeAI.Cli.Chat;

/// <summary>
/// A conversation by lines: each line of the input is a question, or a command that begins with a slash. Answers go to stdout as they are made, everything else to stderr.
/// </summary>
/// <param name="client">Who answers.</param>
/// <param name="options">How.</param>
/// <param name="host">Input and output.</param>
/// <param name="isQuiet">Whether answers are kept for a report rather than written.</param>
internal sealed class ChatSession(IChatClient client, ChatOptions options, ToolHost host, bool isQuiet)
{
    private readonly List<ChatMessage> _conversation = [];
    private readonly List<TurnReport> _turns = [];

    /// <summary>Questions and answers so far, those before a reset included.</summary>
    public IReadOnlyList<TurnReport> Turns => _turns;

    public string? System { get; set; }

    /// <summary>Talks until the input ends or the user leaves.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (line.StartsWith("//", StringComparison.Ordinal)) await TryAskAsync(line[1..], cancellationToken).ConfigureAwait(false);
            else if (line[0] != '/') await TryAskAsync(line, cancellationToken).ConfigureAwait(false);
            else if (!Obey(line)) return;
        }
    }

    private async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (host.IsInteractive) await host.Error.WriteAsync("> ").ConfigureAwait(false);
        return await host.Input.ReadLineAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <returns>Whether to go on.</returns>
    private bool Obey(string line)
    {
        var parts = line.Split(' ', 2, StringSplitOptions.TrimEntries);
        switch (parts[0])
        {
            case "/exit" or "/quit":
                return false;
            case "/help":
                ChatView.Help(host.Progress);
                break;
            case "/reset":
                _conversation.Clear();
                ChatView.Aside(host.Progress, "A new conversation.");
                break;
            case "/stats":
                ChatView.Stats(host.Progress, _turns);
                break;
            case "/system":
                if (parts.Length > 1) System = parts[1];
                ChatView.Aside(host.Progress, System is null ? "The model was told nothing." : $"The model is told: {System}");
                break;
            default:
                ChatView.Aside(host.Progress, $"There is no {parts[0]}; /help lists what there is, and //text says a text that begins with a slash.");
                break;
        }

        return true;
    }

    /// <summary>Where somebody types, a question that cannot be answered is not the end.</summary>
    private async Task TryAskAsync(string question, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(question, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (host.IsInteractive && exception is EdgeAIException or InvalidInputException)
        {
            ChatView.Aside(host.Progress, exception.Message);
        }
    }

    private async Task AskAsync(string question, CancellationToken cancellationToken)
    {
        ChatMessage[] messages = [.. System is null ? [] : new[] { new ChatMessage(ChatRole.System, System) }, .. _conversation, new(ChatRole.User, question)];
        var updates = new List<ChatResponseUpdate>();
        var started = host.TimeProvider.GetTimestamp();
        var first = TimeSpan.Zero;
        using (var interruption = new Interruption(cancellationToken))
        {
            var view = new AnswerView(host, isQuiet);
            try
            {
                await foreach (var update in client.GetStreamingResponseAsync(messages, options, interruption.Token).ConfigureAwait(false))
                {
                    if (updates.Count == 0) first = host.TimeProvider.GetElapsedTime(started);
                    updates.Add(update);
                    view.Show(update);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The user stopped it: what there is, is the answer.
            }
            finally
            {
                view.End();
            }
        }

        var answer = updates.ToChatResponse();
        _conversation.Add(new ChatMessage(ChatRole.User, question));
        _conversation.AddRange(answer.Messages);
        var usage = updates.Select(update => update.RawRepresentation).OfType<GenerationUsage>().LastOrDefault()
            ?? new GenerationUsage(0, 0, updates.Count, TimeSpan.Zero, first, host.TimeProvider.GetElapsedTime(started));
        var turn = TurnReport.From(question, answer, usage);
        _turns.Add(turn);
        if (host.IsInteractive && !isQuiet) ChatView.Aside(host.Progress, ChatView.Summary(turn));
    }
}
