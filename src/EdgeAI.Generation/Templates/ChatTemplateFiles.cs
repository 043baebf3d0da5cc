using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>Loads chat templates from models' folders.</summary>
public static class ChatTemplateFiles
{
    // Templates take a few kilobytes; what is far larger is none.
    private const long MaxBytes = 4 << 20;

    private static readonly string[] _specialTokens = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>
    /// Loads the chat template of a folder: <c>chat_template.jinja</c>, else that of <c>tokenizer_config.json</c> or <c>chat_template.json</c>. Where several are
    /// named, <c>default</c> and <c>tool_use</c> are taken. A folder without any whose special tokens belong to one chat format (ChatML, Llama 3, Gemma, Phi-3) gets that one's.
    /// </summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="timeProvider">What templates take for now; <see langword="null"/> for the system's clock.</param>
    /// <returns>The template; <see langword="null"/> where the folder has none and the format is not certain.</returns>
    /// <exception cref="ModelLoadException">A file cannot be read or is malformed.</exception>
    /// <exception cref="ChatTemplateException">The template is malformed, or uses what is not supported: named.</exception>
    public static IChatTemplate? TryLoad(string folder, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var config = JsonFile.TryOpen(Path.Combine(folder, "tokenizer_config.json"));
        using var processor = JsonFile.TryOpen(Path.Combine(folder, "chat_template.json"));
        var (template, tools) = FromJson(config?.Root.Optional("chat_template") ?? processor?.Root.Optional("chat_template"));
        template = ReadText(Path.Combine(folder, "chat_template.jinja")) ?? template ?? DefaultTemplates.For(config?.Root);
        return template is null ? null : new ChatTemplate(template, tools, ReadSpecialTokens(config?.Root), timeProvider ?? TimeProvider.System);
    }

    private static (string? Template, string? Tools) FromJson(CheckedJson? json)
    {
        if (json is not { } given) return (null, null);
        if (given.Kind != JsonValueKind.Array) return (given.AsString(), null);
        var named = given.Elements().ToLookup(entry => entry["name"].AsString(), entry => entry["template"].AsString(), StringComparer.Ordinal);
        if (named["default"].FirstOrDefault() is not { } template) throw given.Refusal($"'{given.Path}' has no template named 'default'");
        return (template, named["tool_use"].FirstOrDefault());
    }

    private static string? ReadText(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return null;
            return file.Length <= MaxBytes ? File.ReadAllText(path) : throw new ModelLoadException($"the file has {file.Length} bytes, more than the {MaxBytes} that are read.", path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"the file cannot be read: {exception.Message}", path, exception);
        }
    }

    // Files give a token as a string or as an object.
    private static JsonObject ReadSpecialTokens(CheckedJson? config)
    {
        var tokens = new JsonObject();
        foreach (var name in _specialTokens)
        {
            if (config?.Optional(name) is { } token) tokens[name] = token.Kind == JsonValueKind.String ? token.AsString() : token["content"].AsString();
        }

        return tokens;
    }
}
