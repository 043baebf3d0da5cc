using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using EdgeAI.Generation;

namespace EdgeAI.Cli.Commands;

/// <summary><c>edgeai tokenize</c>: a model's tokenizer by itself. Needs no model, only <c>tokenizer.json</c> and <c>tokenizer_config.json</c>.</summary>
internal static class TokenizeCommand
{
    public static Command Create(ToolHost host)
    {
        var folder = new Argument<string>("FOLDER") { Description = "A folder with a tokenizer.json" }.NotEmpty();
        var text = new Option<string?>("--text") { Description = "A text to encode" };
        var tokens = new Option<string?>("--tokens") { Description = "Token ids to decode, with commas between" };
        var lines = new Option<string?>("--lines") { Description = "A file with one JSON string a line, each to be encoded" }.NotEmpty();
        var noSpecial = new Option<bool>("--no-special") { Description = "Add no special tokens, such as the begin of the sequence" };
        var command = new Command("tokenize", "Show the tokens of texts, or the text of tokens") { folder, text, tokens, lines, noSpecial };
        command.SetAction(arguments =>
        {
            var request = new TokenizeArguments(arguments.GetValue(text), arguments.GetValue(tokens), arguments.GetValue(lines), !arguments.GetValue(noSpecial));
            host.Write(arguments, Tokenize(arguments.GetRequiredValue(folder), request), ReportJson.Instance.TokenizeReport, TokenizeView.Render);
        });
        return command;
    }

    private static TokenizeReport Tokenize(string folder, TokenizeArguments request)
    {
        if (new[] { request.Text, request.Tokens, request.LinesFile }.Count(source => source is not null) != 1) throw new UsageException("Give one of --text, --tokens and --lines.");
        var given = request.Tokens is null ? null : ParseTokens(request.Tokens);
        var tokenizer = TokenizerFiles.TryLoad(folder) ?? throw new ToolException($"'{folder}' has no tokenizer.json.");
        if (given is not null) return new TokenizeReport([Decode(tokenizer, given)]);
        var texts = request.Text is not null ? [request.Text] : ReadLines(request.LinesFile!);
        return new TokenizeReport([.. texts.Select(one => Encode(tokenizer, one, request.AddSpecialTokens))]);
    }

    private static TokenizeResultReport Encode(ITokenizer tokenizer, string text, bool addSpecialTokens)
    {
        int[] tokens = [.. tokenizer.Encode(text, addSpecialTokens)];
        return new TokenizeResultReport(tokens, tokenizer.Decode(tokens));
    }

    private static TokenizeResultReport Decode(ITokenizer tokenizer, int[] tokens)
    {
        foreach (var token in tokens)
        {
            if (token >= tokenizer.VocabularySize) throw new ToolException($"Token {token} is outside the vocabulary of {tokenizer.VocabularySize}.");
        }

        return new TokenizeResultReport(tokens, tokenizer.Decode(tokens));
    }

    private static int[] ParseTokens(string list) => list.Length == 0
        ? []
        : [.. list.Split(',').Select(text => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new UsageException($"--tokens must be whole numbers with commas between, not '{text}'."))];

    private static List<string> ReadLines(string path)
    {
        var texts = new List<string>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                using var json = JsonDocument.Parse(line);
                texts.Add(json.RootElement.GetString() ?? throw new ToolException($"'{path}', line {number} is not a JSON string."));
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                throw new ToolException($"'{path}', line {number} is not a JSON string.", exception);
            }
        }

        return texts;
    }
}
