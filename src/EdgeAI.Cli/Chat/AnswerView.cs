using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Rendering;
using Microsoft.Extensions.AI;

namespace EdgeAI.Cli.Chat;

/// <summary>Writes one answer as it comes: its text to stdout, the model's thought beside it to stderr, and on a terminal how fast.</summary>
/// <param name="host">Input and output.</param>
/// <param name="isQuiet">Whether nothing is written.</param>
internal sealed class AnswerView(ToolHost host, bool isQuiet)
{
    // Only where both streams are the same terminal do escape sequences on one stand behind text on the other.
    private readonly bool _isLive = host.IsInteractive && !Console.IsOutputRedirected && host.Progress.Profile.Capabilities.Ansi;
    private LiveSpeed? _speed;
    private bool _isInThought;
    private bool _hasText;

    public void Show(ChatResponseUpdate update)
    {
        if (isQuiet) return;
        foreach (var content in update.Contents)
        {
            if (content is TextReasoningContent thought && host.IsInteractive) ShowThought(thought.Text);
            else if (content is TextContent text) ShowText(text.Text);
        }
    }

    public void End()
    {
        if (isQuiet) return;
        _speed?.Clear();
        LeaveThought();
        if (_hasText) host.Output.WriteLine();
        host.Output.Flush();
    }

    private void ShowThought(string text)
    {
        _speed?.Clear();
        _isInThought = true;
        ChatView.Thought(host.Progress, text);
        Follow(text);
    }

    private void ShowText(string text)
    {
        _speed?.Clear();
        LeaveThought();
        _hasText = true;
        text = PlainText.CleanLines(text);
        host.Output.Write(text);
        host.Output.Flush();
        Follow(text);
    }

    private void LeaveThought()
    {
        if (_isInThought) host.Error.WriteLine();
        _isInThought = false;
    }

    private void Follow(string text)
    {
        if (!_isLive) return;
        _speed ??= new LiveSpeed(host.Error, host.Progress.Profile.Width, host.TimeProvider);
        _speed.Show(text);
    }
}
