using System.Text;
using EdgeAI;
using EdgeAI.Samples.Chat;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

if (args.Length is < 1 or > 2)
{
    Console.Error.WriteLine("Usage: dotnet run --project samples/Chat -c Release -- FOLDER [QUESTION]");
    Console.Error.WriteLine("FOLDER is what 'edgeai build' wrote; samples/Chat/README.md says how to get one.");
    return 2;
}

Console.OutputEncoding = Encoding.UTF8;
await using var services = new ServiceCollection()
    .AddEdgeAI()
    .AddCpu()
    .AddChatClient("assistant", args[0], decorate: (client, provider) => client.AsBuilder().UseFunctionInvocation().Build(provider))
    .Services.BuildServiceProvider();

var greenhouse = new Greenhouse();
var options = new ChatOptions { Tools = [AIFunctionFactory.Create(greenhouse.ReadTemperature)], Instructions = "You look after a greenhouse. Answer in one sentence." };
var question = args.Length > 1 ? args[1] : "Is it warm enough for the tomatoes?";
try
{
    await Answer.StreamAsync(services.GetRequiredKeyedService<IChatClient>("assistant"), question, options, Console.Out);
    return 0;
}
catch (Exception error) when (error is EdgeAIException or InvalidInputException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
