using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>Reads <c>genai_config.json</c>, ours or the one of ONNX Runtime GenAI's own model builder.</summary>
internal static class DecoderConfigurationFile
{
    public const string Name = "genai_config.json";

    // The file holds names and numbers only; what is larger is something else.
    private const int MostBytes = 16 << 20;

    /// <summary>Reads the folder's configuration.</summary>
    /// <exception cref="ModelLoadException">It is missing, is no such file, or lacks something: names everything that is wrong.</exception>
    public static DecoderConfiguration Read(string folder)
    {
        var path = Path.Join(folder, Name);
        if (!Directory.Exists(folder)) throw new ModelLoadException("there is no such folder; give the folder that 'edgeai build' or ONNX Runtime GenAI's model builder wrote.", folder);
        if (!File.Exists(path)) throw new ModelLoadException($"the folder has no {Name}; build it with 'edgeai build SOURCE OUT', or give a folder that ONNX Runtime GenAI's model builder wrote.", folder);
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MostBytes) throw new ModelLoadException($"{Name} has {length} bytes; that is no configuration.", folder);
            return Parse(File.ReadAllBytes(path), folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"{Name} cannot be read: {e.Message}", folder, e);
        }
    }

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="ModelLoadException">It is no such file, or lacks something.</exception>
    public static DecoderConfiguration Parse(ReadOnlySpan<byte> json, string folder)
    {
        JsonObject root;
        try
        {
            root = JsonNode.Parse(json, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject
                ?? throw new JsonException("it is no JSON object");
        }
        catch (JsonException e)
        {
            throw new ModelLoadException($"{Name} is damaged: {e.Message}", folder, e);
        }

        var problems = new List<string>();
        var model = Section(root, "model", problems);
        var decoder = Section(model, "decoder", problems, "model.");
        var configuration = new DecoderConfiguration
        {
            Family = Text(model, "type") ?? "unknown",
            FileName = Text(decoder, "filename") ?? "model.onnx",
            ContextLength = Number(model, "context_length", "model.", problems),
            VocabularySize = Number(model, "vocab_size", "model.", problems),
            EndTokens = EndTokens(model, problems),
            Layers = Number(decoder, "num_hidden_layers", "model.decoder.", problems),
            AttentionHeads = Number(decoder, "num_attention_heads", "model.decoder.", problems),
            KeyValueHeads = Number(decoder, "num_key_value_heads", "model.decoder.", problems),
            HeadSize = Number(decoder, "head_size", "model.decoder.", problems),
        };
        if (Path.GetFileName(configuration.FileName) != configuration.FileName || configuration.FileName is "" or "." or "..") problems.Add($"model.decoder.filename is '{configuration.FileName}'; it must name a file in the folder");
        problems.InsertRange(0, UnsupportedParts.Find(model, decoder));
        if (problems.Count > 0) throw new ModelLoadException($"{Name}: {string.Join("; ", problems)}.", folder);
        return WithNames(configuration, decoder["inputs"] as JsonObject ?? [], decoder["outputs"] as JsonObject ?? []);
    }

    private static DecoderConfiguration WithNames(DecoderConfiguration configuration, JsonObject inputs, JsonObject outputs) => configuration with
    {
        InputIds = Text(inputs, "input_ids") ?? configuration.InputIds,
        AttentionMask = Text(inputs, "attention_mask") ?? configuration.AttentionMask,
        PositionIds = Text(inputs, "position_ids") ?? configuration.PositionIds,
        PastKeys = Text(inputs, "past_key_names") ?? configuration.PastKeys,
        PastValues = Text(inputs, "past_value_names") ?? configuration.PastValues,
        PresentKeys = Text(outputs, "present_key_names") ?? configuration.PresentKeys,
        PresentValues = Text(outputs, "present_value_names") ?? configuration.PresentValues,
        Logits = Text(outputs, "logits") ?? configuration.Logits,
    };

    private static JsonObject Section(JsonObject parent, string name, List<string> problems, string path = "")
    {
        if (parent[name] is JsonObject section) return section;
        problems.Add($"there is no object '{path}{name}'");
        return [];
    }

    private static string? Text(JsonObject parent, string name) => parent[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static int Number(JsonObject parent, string name, string path, List<string> problems)
    {
        if (parent[name] is JsonValue value && value.TryGetValue<int>(out var number) && number > 0) return number;
        problems.Add(parent[name] is { } other
            ? string.Create(CultureInfo.InvariantCulture, $"'{path}{name}' is {other.ToJsonString()}; it must be a whole number of 1 or more")
            : $"'{path}{name}' is missing");
        return 1;
    }

    /// <summary>One number, a list of them, or none.</summary>
    private static List<int> EndTokens(JsonObject model, List<string> problems)
    {
        var tokens = new List<int>();
        var node = model["eos_token_id"];
        foreach (var item in node is JsonArray list ? list : [node?.DeepClone()])
        {
            if (item is JsonValue value && value.TryGetValue<int>(out var token) && token >= 0) tokens.Add(token);
            else if (item is not null) problems.Add($"'model.eos_token_id' holds {item.ToJsonString()}; it must be a token or a list of tokens");
        }

        return tokens;
    }
}
