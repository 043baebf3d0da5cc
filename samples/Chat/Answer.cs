using System.Globalization;
using Microsoft.Extensions.AI;

namespace EdgeAI.Samples.Chat;

/// <summary>Writes an answer as it comes, with the calls that the model makes on the way.</summary>
internal static class Answer
{
    public static async Task StreamAsync(IChatClient client, string question, ChatOptions options, TextWriter output)
    {
        await output.WriteLineAsync($"You: {question}");
        var usage = new UsageDetails();
        await foreach (var update in client.GetStreamingResponseAsync(question, options))
        {
            foreach (var content in update.Contents)
            {
                if (content is FunctionCallContent call) await output.WriteLineAsync($"[asks {call.Name}({string.Join(", ", call.Arguments?.Values ?? [])})]");
                else if (content is FunctionResultContent result) await output.WriteLineAsync($"[hears {result.Result}]");
                else if (content is TextContent text) await output.WriteAsync(text.Text);
                else if (content is UsageContent used) usage.Add(used.Details);
            }
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{usage.InputTokenCount} tokens read, {usage.CachedInputTokenCount} of them from the cache; {usage.OutputTokenCount} written."));
    }
}
