using System.Text;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Output;
using EdgeAI.Generation;

namespace EdgeAI.Cli.Generate;

/// <summary>Answers a prompt once or several times and measures it.</summary>
internal sealed class GenerateRun(ITextGenerator generator, GenerateOptions options, TimeProvider timeProvider)
{
    /// <summary>Runs all answers, one after another.</summary>
    /// <param name="onToken">Told of each token of the first measured answer as it comes.</param>
    /// <param name="cancellationToken">Ends the answer.</param>
    /// <returns>The first measured answer, and the medians over all measured ones.</returns>
    /// <exception cref="ToolException">The prompt is text and the model has no tokenizer.</exception>
    public async Task<GenerateReport> RunAsync(Action<GeneratedToken> onToken, CancellationToken cancellationToken)
    {
        var prompt = options.Tokens ?? Encode(options.Prompt!);
        for (var i = 0; i < options.WarmUps; i++) await AnswerAsync(prompt, _ => { }, cancellationToken).ConfigureAwait(false);
        var answers = new List<TimedAnswer>();
        for (var i = 0; i < options.Repeats; i++) answers.Add(await AnswerAsync(prompt, i == 0 ? onToken : _ => { }, cancellationToken).ConfigureAwait(false));
        var first = answers[0];
        return new GenerateReport(
            first.Tokens,
            generator.Tokenizer is null ? null : first.Text,
            prompt.Length,
            Median(answers.Where(answer => answer.Tokens.Count > 0).Select(answer => (double?)answer.ToFirst.TotalMilliseconds)),
            Median(answers.Select(answer => answer.PrefillRate(prompt.Length))),
            Median(answers.Select(answer => answer.DecodeRate)),
            NameOf(first.Finish));
    }

    private async Task<TimedAnswer> AnswerAsync(int[] prompt, Action<GeneratedToken> onToken, CancellationToken cancellationToken)
    {
        var tokens = new List<int>();
        var text = new StringBuilder();
        var began = timeProvider.GetTimestamp();
        var (first, last) = (began, began);
        var answer = generator.Generate(new GenerationRequest(prompt) { Options = options.Generation });
        await foreach (var token in answer.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            last = timeProvider.GetTimestamp();
            if (tokens.Count == 0) first = last;
            tokens.Add(token.Id);
            text.Append(token.Text);
            onToken(token);
        }

        return new TimedAnswer(tokens, text.ToString(), answer.FinishReason, timeProvider.GetElapsedTime(began, first), timeProvider.GetElapsedTime(first, last));
    }

    private int[] Encode(string prompt) => generator.Tokenizer is { } tokenizer
        ? [.. tokenizer.Encode(prompt)]
        : throw new ToolException($"'{options.Folder}' has no tokenizer: give the prompt as token ids with --tokens.");

    private static double? Median(IEnumerable<double?> values)
    {
        var sorted = values.OfType<double>().Order().ToArray();
        if (sorted.Length == 0) return null;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>In OpenAI's words, which every client knows: what ended the answer is not told apart.</summary>
    private static string? NameOf(FinishReason? reason) => reason switch
    {
        FinishReason.EndToken or FinishReason.StopSequence => "stop",
        FinishReason.Length => "length",
        _ => null,
    };
}
