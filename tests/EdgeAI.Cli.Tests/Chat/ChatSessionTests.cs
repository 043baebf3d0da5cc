using EdgeAI.Cli.Chat;
using EdgeAI.Cli.CommandLine;
using Microsoft.Extensions.AI;

namespace EdgeAI.Cli.Tests.Chat;

[TestClass]
public sealed class ChatSessionTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly EchoChatClient _client = new();

    public TestContext TestContext { get; set; } = null!;

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _client.Dispose();
    }

    [TestMethod]
    public async Task RunAsync_Lines_AreTurnsOfOneConversation()
    {
        var session = await RunAsync(_client, "hello there\n\nmore\n");

        Assert.AreEqual("HELLO THERE\nMORE\n", Text(_output));
        Assert.AreEqual("", Text(_error));
        Assert.AreEqual("user hello there, assistant HELLO THERE, user more", Describe(_client.Requests[1]));
        Assert.HasCount(2, session.Turns);
        Assert.AreEqual(2.0, session.Turns[0].DecodeTokensPerSecond);
        Assert.AreEqual(250, session.Turns[0].TimeToFirstTokenMs);
        Assert.IsNull(session.Turns[1].DecodeTokensPerSecond);
        Assert.AreEqual("stop", session.Turns[1].FinishReason);
        Assert.AreEqual(20, session.Turns[1].PromptTokens);
    }

    [TestMethod]
    public async Task RunAsync_System_IsSentBeforeTheConversation()
    {
        await RunAsync(_client, "/system Be brief.\nhello\n/system\n");

        Assert.AreEqual("system Be brief., user hello", Describe(_client.Requests[0]));
        Assert.Contains("The model is told: Be brief.", Text(_error));
        Assert.AreEqual("HELLO\n", Text(_output));
    }

    [TestMethod]
    public async Task RunAsync_Reset_BeginsAnew()
    {
        var session = await RunAsync(_client, "hello\n/reset\nmore\n");

        Assert.AreEqual("user more", Describe(_client.Requests[1]));
        Assert.HasCount(2, session.Turns);
    }

    [TestMethod]
    public async Task RunAsync_Exit_LeavesTheRestUnread()
    {
        await RunAsync(_client, "hello\n/exit\nmore\n");

        Assert.HasCount(1, _client.Requests);
    }

    [TestMethod]
    public async Task RunAsync_Commands_WriteToStderrOnly()
    {
        await RunAsync(_client, "/help\n/stats\nhello you\n/stats\n/nonsense\n");

        Assert.AreEqual("HELLO YOU\n", Text(_output));
        foreach (var part in new[] { "/reset", "No answer yet.", "250 ms", "There is no /nonsense" }) Assert.Contains(part, Text(_error));
    }

    [TestMethod]
    public async Task RunAsync_TwoSlashes_SayOne()
    {
        await RunAsync(_client, "//exit\n");

        Assert.AreEqual("user /exit", Describe(_client.Requests[0]));
    }

    [TestMethod]
    public async Task RunAsync_EscapeSequences_DoNotReachTheTerminal()
    {
        await RunAsync(_client, "a\e[31mb\tc\n");

        Assert.AreEqual("A [31MB\tC\n", Text(_output));
    }

    [TestMethod]
    public async Task RunAsync_Thought_IsNoPartOfTheOutput()
    {
        using var client = new EchoChatClient { Thought = "Hm." };

        var session = await RunAsync(client, "hello\n");

        Assert.AreEqual("HELLO\n", Text(_output));
        Assert.AreEqual("Hm.", session.Turns[0].Reasoning);
    }

    [TestMethod]
    public async Task RunAsync_Quiet_WritesNothing()
    {
        var session = await RunAsync(_client, "hello\n", isQuiet: true);

        Assert.AreEqual("", Text(_output));
        Assert.AreEqual("HELLO", session.Turns[0].Assistant);
    }

    [TestMethod]
    public async Task RunAsync_AnswerStopped_KeepsWhatCameAndGoesOn()
    {
        // As Ctrl+C does: the answer's own token is cancelled, and not that of the tool.
        using var client = new EchoChatClient { BeforeUpdate = number => { if (number == 2) throw new OperationCanceledException(); } };

        var session = await RunAsync(client, "one two three\nmore\n");

        Assert.AreEqual("ONE TWO\nMORE\n", Text(_output));
        Assert.IsNull(session.Turns[0].FinishReason);
        Assert.AreEqual("user one two three, assistant ONE TWO, user more", Describe(client.Requests[1]));
    }

    [TestMethod]
    public async Task RunAsync_ToolCancelled_Ends()
    {
        using var source = new CancellationTokenSource();
        using var client = new EchoChatClient { BeforeUpdate = number => { if (number == 1) source.Cancel(); } };

        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync(client, "one two\nmore\n", cancellationToken: source.Token));

        Assert.HasCount(1, client.Requests);
    }

    private async Task<ChatSession> RunAsync(EchoChatClient client, string input, bool isQuiet = false, CancellationToken? cancellationToken = null)
    {
        var host = new ToolHost(_output, _error, TimeProvider.System, new StringReader(input));
        var session = new ChatSession(client, new ChatOptions(), host, isQuiet);
        await session.RunAsync(cancellationToken ?? TestContext.CancellationToken);
        return session;
    }

    private static string Text(StringWriter writer) => writer.ToString().ReplaceLineEndings("\n");

    private static string Describe(ChatMessage[] messages) => string.Join(", ", messages.Select(message => $"{message.Role} {message.Text}"));
}
