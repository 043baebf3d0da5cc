using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeAI.Generation.Tests.DependencyInjection;

[TestClass]
public sealed class ChatBuilderExtensionsTests
{
    private static readonly AIFunction _weather = AIFunctionFactory.Create((string city) => $"rain in {city}", "weather");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task AddChatClient_FirstQuestion_LoadsOnceForTheClientAndTheGenerator()
    {
        var loader = new ScriptedLoader("Hello.", "Hello.");
        await using var services = Build(loader, builder => builder.AddChatClient("assistant", "models/tiny"));
        var client = services.GetRequiredKeyedService<IChatClient>("assistant");
        Assert.IsEmpty(loader.Loads);
        Assert.AreEqual("tiny", ((ChatClientMetadata)client.GetService(typeof(ChatClientMetadata))!).DefaultModelId);

        var response = await client.GetResponseAsync("Hi", cancellationToken: TestContext.CancellationToken);
        var generator = services.GetRequiredKeyedService<ITextGenerator>("assistant");

        Assert.AreEqual("Hello.", response.Text);
        Assert.AreEqual("scripted", generator.Model.Id);
        Assert.AreSame(generator, client.GetService(typeof(ITextGenerator)));
        Assert.AreEqual(Path.GetFullPath("models/tiny"), loader.Loads.Single().Folder);
    }

    [TestMethod]
    public async Task AddTextGenerator_NotLoaded_AnswersAllTheSame()
    {
        var loader = new ScriptedLoader("Hey");
        await using var services = Build(loader, builder => builder.AddTextGenerator("writer", "tiny"));
        var generator = services.GetRequiredKeyedService<ITextGenerator>("writer");

        var answer = generator.Generate(new GenerationRequest(new[] { 1, 2 }));
        Assert.IsEmpty(loader.Loads);
        Assert.IsNull(answer.FinishReason);
        Assert.AreEqual(2, answer.Usage.PromptTokens);
        var text = "";
        await foreach (var token in answer) text += token.Text;

        Assert.AreEqual("Hey", text);
        Assert.AreEqual(FinishReason.EndToken, answer.FinishReason);
        Assert.AreEqual(3, answer.Usage.GeneratedTokens);
    }

    [TestMethod]
    public async Task Dispose_Container_DisposesTheModelAndNobodyElseDoes()
    {
        var loader = new ScriptedLoader("Hello.");
        var services = Build(loader, builder => builder.AddChatClient("assistant", "tiny"));
        var client = services.GetRequiredKeyedService<IChatClient>("assistant");
        await client.GetResponseAsync("Hi", cancellationToken: TestContext.CancellationToken);
        client.Dispose();
        await services.GetRequiredKeyedService<ITextGenerator>("assistant").DisposeAsync();
        Assert.IsFalse(loader.Loads.Single().Generator.WasDisposed);

        await services.DisposeAsync();

        Assert.IsTrue(loader.Loads.Single().Generator.WasDisposed);
    }

    [TestMethod]
    public void Dispose_Synchronously_DisposesTheModel()
    {
        var loader = new ScriptedLoader();
        var services = Build(loader, builder => builder.AddTextGenerator("writer", "tiny"));
        Assert.AreEqual("scripted", services.GetRequiredKeyedService<ITextGenerator>("writer").Model.Id);

        services.Dispose();

        Assert.IsTrue(loader.Loads.Single().Generator.WasDisposed);
    }

    [TestMethod]
    public async Task Dispose_WhileLoading_EndsTheLoad()
    {
        var loader = new ScriptedLoader { Gate = new TaskCompletionSource().Task };
        var services = Build(loader, builder => builder.AddChatClient("assistant", "tiny"));
        var answer = services.GetRequiredKeyedService<IChatClient>("assistant").GetResponseAsync("Hi", cancellationToken: TestContext.CancellationToken);

        await services.DisposeAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => answer);
    }

    [TestMethod]
    public async Task GetResponseAsync_LoadFails_IsNotRemembered()
    {
        var loader = new ScriptedLoader("Hello.") { Failures = 1 };
        await using var services = Build(loader, builder => builder.AddChatClient("assistant", "tiny"));
        var client = services.GetRequiredKeyedService<IChatClient>("assistant");

        await Assert.ThrowsExactlyAsync<ModelLoadException>(() => client.GetResponseAsync("Hi", cancellationToken: TestContext.CancellationToken));

        Assert.AreEqual("Hello.", (await client.GetResponseAsync("Hi", cancellationToken: TestContext.CancellationToken)).Text);
    }

    [TestMethod]
    public async Task GetResponseAsync_CancelledWhileLoading_LeavesTheLoadToOthers()
    {
        var gate = new TaskCompletionSource();
        var loader = new ScriptedLoader("Hello.") { Gate = gate.Task };
        await using var services = Build(loader, builder => builder.AddChatClient("assistant", "tiny"));
        var client = services.GetRequiredKeyedService<IChatClient>("assistant");
        using var source = new CancellationTokenSource();
        var given = client.GetResponseAsync("Hi", cancellationToken: source.Token);
        var patient = client.GetResponseAsync("Hi", cancellationToken: TestContext.CancellationToken);

        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => given);
        gate.SetResult();

        Assert.AreEqual("Hello.", (await patient).Text);
        Assert.HasCount(1, loader.Loads);
    }

    [TestMethod]
    public async Task AddChatClient_Pipeline_IsAroundTheClient()
    {
        var loader = new ScriptedLoader("""<tool_call>{"name":"weather","arguments":{"city":"Rome"}}</tool_call>""", "It rains.");
        await using var services = Build(loader, builder => builder.AddChatClient(
            "assistant", "tiny", decorate: (client, provider) => client.AsBuilder().UseFunctionInvocation().Build(provider)));

        var response = await services.GetRequiredKeyedService<IChatClient>("assistant").GetResponseAsync("Weather?", new ChatOptions { Tools = [_weather] }, TestContext.CancellationToken);

        Assert.AreEqual("It rains.", response.Text);
    }

    [TestMethod]
    public async Task AddChatClient_Options_AreTheModelsOwn()
    {
        var loader = new ScriptedLoader("a", "b");
        await using var services = Build(loader, builder => builder
            .AddChatClient("one", "tiny", options => options.Threads = 1, chat => chat.Generation = new GenerationOptions { MaxTokens = 5 })
            .AddChatClient("two", "tiny", options => options.Threads = 2));

        await services.GetRequiredKeyedService<IChatClient>("one").GetResponseAsync("Hi", cancellationToken: TestContext.CancellationToken);
        await services.GetRequiredKeyedService<IChatClient>("two").GetResponseAsync("Hi", cancellationToken: TestContext.CancellationToken);

        CollectionAssert.AreEqual(new int?[] { 1, 2 }, loader.Loads.Select(load => load.Options.Threads).ToArray());
        Assert.AreEqual(5, loader.Loads[0].Generator.Requests[0].Options.MaxTokens);
        Assert.IsNull(loader.Loads[1].Generator.Requests[0].Options.MaxTokens);
    }

    [TestMethod]
    public async Task AddChatClient_BadOptions_AreRefusedWithTheKeyAtFirstResolution()
    {
        await using var services = Build(new ScriptedLoader(), builder => builder.AddChatClient("assistant", "tiny", options => options.Threads = 0));

        var error = Assert.ThrowsExactly<OptionsValidationException>(() => services.GetRequiredKeyedService<IChatClient>("assistant"));

        Assert.Contains("'assistant'", error.Message);
        Assert.Contains("Threads", error.Message);
    }

    [TestMethod]
    public async Task AddChatClient_BadOptionsWithAHost_FailItsStart()
    {
        using var host = CreateHost(new ScriptedLoader(), builder => builder.AddChatClient("assistant", "tiny", configureChat: chat => chat.RememberedAnswers = -1));

        var error = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => host.StartAsync(TestContext.CancellationToken));

        Assert.Contains("RememberedAnswers", error.Message);
    }

    [TestMethod]
    public async Task AddChatClient_WarmUpWithAHost_LoadsAtItsStart()
    {
        var loader = new ScriptedLoader();
        using var host = CreateHost(loader, builder => builder.AddChatClient("assistant", "tiny", options => options.WarmUp = true).AddTextGenerator("idle", "other"));

        await host.StartAsync(TestContext.CancellationToken);

        Assert.EndsWith("tiny", loader.Loads.Single().Folder);
        await host.StopAsync(TestContext.CancellationToken);
    }

    [TestMethod]
    public async Task AddChatClient_WarmUpFails_FailsTheStart()
    {
        using var host = CreateHost(new ScriptedLoader { Failures = 1 }, builder => builder.AddChatClient("assistant", "tiny", options => options.WarmUp = true));

        await Assert.ThrowsExactlyAsync<ModelLoadException>(() => host.StartAsync(TestContext.CancellationToken));
    }

    [TestMethod]
    public void AddChatClient_KeyTwice_IsRefused()
    {
        var builder = new ServiceCollection().AddEdgeAI().AddChatClient("assistant", "tiny");

        Assert.ThrowsExactly<ArgumentException>(() => builder.AddChatClient("assistant", "other"));
        Assert.ThrowsExactly<ArgumentException>(() => builder.AddTextGenerator("assistant", "other"));
    }

    private static ServiceProvider Build(ITextGeneratorLoader loader, Action<EdgeAIBuilder> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton(loader);
        configure(services.AddEdgeAI());
        return services.BuildServiceProvider();
    }

    private static IHost CreateHost(ITextGeneratorLoader loader, Action<EdgeAIBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(loader);
        configure(builder.Services.AddEdgeAI());
        return builder.Build();
    }
}
