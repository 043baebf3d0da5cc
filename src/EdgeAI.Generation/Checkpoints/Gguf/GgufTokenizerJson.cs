using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>Writes a GGUF vocabulary as Hugging Face's <c>tokenizer.json</c> and <c>tokenizer_config.json</c>, so that one reader serves both.</summary>
internal sealed class GgufTokenizerJson(GgufVocabulary vocabulary, string modelId)
{
    private const string Space = "\u2581";

    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <c>tokenizer.json</c>.</summary>
    public void WriteTokenizer(Stream stream)
    {
        // Read first, so that an unknown one leaves no half file.
        var preTokenizer = vocabulary.IsSentencePiece ? null : GgufPreTokenizer.Of(vocabulary.PreTokenizer, modelId);
        using var writer = new Utf8JsonWriter(stream, _options);
        writer.WriteStartObject();
        writer.WriteString("version", "1.0");
        writer.WriteNull("truncation");
        writer.WriteNull("padding");
        WriteAddedTokens(writer);
        WriteNode(writer, "normalizer", preTokenizer is null ? SentencePieceNormalizer() : preTokenizer.ComposesCharacters ? new JsonObject { ["type"] = "NFC" } : null);
        WriteNode(writer, "pre_tokenizer", preTokenizer?.ToJson());
        WriteNode(writer, "post_processor", PostProcessor());
        WriteNode(writer, "decoder", preTokenizer is null ? SentencePieceDecoder() : new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true });
        WriteModel(writer, preTokenizer?.IgnoresMerges ?? false);
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>tokenizer_config.json</c>, with the chat template.</summary>
    public void WriteConfiguration(Stream stream)
    {
        var json = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["add_bos_token"] = vocabulary.AddsBegin,
            ["add_eos_token"] = vocabulary.AddsEnd,
            ["clean_up_tokenization_spaces"] = false,
        };
        AddText(json, "bos_token", vocabulary.Begin);
        AddText(json, "eos_token", vocabulary.End);
        AddText(json, "unk_token", vocabulary.Unknown);
        AddText(json, "pad_token", vocabulary.Padding);
        if (vocabulary.ChatTemplate is { } template) json["chat_template"] = template;
        using var writer = new Utf8JsonWriter(stream, _options with { Indented = true });
        json.WriteTo(writer);
    }

    private void AddText(JsonObject json, string name, int? id)
    {
        if (id is { } token) json[name] = vocabulary.Texts[token];
    }

    private void WriteAddedTokens(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("added_tokens");
        for (var id = 0; id < vocabulary.Texts.Length; id++)
        {
            if (!vocabulary.IsAdded(id) || vocabulary.Texts[id].Length == 0) continue;
            writer.WriteStartObject();
            writer.WriteNumber("id", id);
            writer.WriteString("content", vocabulary.Texts[id]);
            writer.WriteBoolean("single_word", false);
            writer.WriteBoolean("lstrip", false);
            writer.WriteBoolean("rstrip", vocabulary.StripsAfterSpecial && StripsAfter(id));
            writer.WriteBoolean("normalized", false);
            writer.WriteBoolean("special", vocabulary.IsSpecial(id));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private bool StripsAfter(int id) => vocabulary.IsSpecial(id) && id != vocabulary.Begin && id != vocabulary.Unknown && vocabulary.Texts[id] != "<|endoftext|>";

    private void WriteModel(Utf8JsonWriter writer, bool ignoresMerges)
    {
        writer.WriteStartObject("model");
        writer.WriteString("type", "BPE");
        writer.WriteNull("dropout");
        if (vocabulary.IsSentencePiece && vocabulary.Unknown is { } unknown) writer.WriteString("unk_token", vocabulary.Texts[unknown]);
        else writer.WriteNull("unk_token");
        writer.WriteNull("continuing_subword_prefix");
        writer.WriteNull("end_of_word_suffix");
        writer.WriteBoolean("fuse_unk", vocabulary.IsSentencePiece);
        writer.WriteBoolean("byte_fallback", vocabulary.IsSentencePiece);
        writer.WriteBoolean("ignore_merges", ignoresMerges);
        WriteVocabulary(writer);
        WriteMerges(writer);
        writer.WriteEndObject();
    }

    private void WriteVocabulary(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("vocab");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var id = 0; id < vocabulary.Texts.Length; id++)
        {
            // A byte-level vocabulary must not find control tokens in plain text; of two tokens of one text only the first can be reached.
            if ((!vocabulary.IsSentencePiece && vocabulary.Kinds[id] == GgufTokenKind.Control) || !seen.Add(vocabulary.Texts[id])) continue;
            writer.WriteNumber(vocabulary.Texts[id], id);
        }

        writer.WriteEndObject();
    }

    private void WriteMerges(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("merges");
        if (vocabulary.IsSentencePiece)
        {
            foreach (var (left, right) in SentencePieceMerges.Derive(vocabulary)) WritePair(writer, vocabulary.Texts[left], vocabulary.Texts[right]);
        }
        else
        {
            foreach (var merge in vocabulary.Merges)
            {
                var space = merge.IndexOf(' ');
                if (space <= 0 || space == merge.Length - 1) throw new ModelLoadException($"the GGUF file has the merge '{Shown.Name(merge)}', which is not two tokens with a space between.", modelId);
                WritePair(writer, merge.AsSpan(0, space), merge.AsSpan(space + 1));
            }
        }

        writer.WriteEndArray();
    }

    private static void WritePair(Utf8JsonWriter writer, ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(left);
        writer.WriteStringValue(right);
        writer.WriteEndArray();
    }

    private JsonObject SentencePieceNormalizer()
    {
        var replace = Replace(" ", Space);
        return vocabulary.AddsSpace ? Sequence("normalizers", new JsonObject { ["type"] = "Prepend", ["prepend"] = Space }, replace) : replace;
    }

    private JsonObject SentencePieceDecoder()
    {
        JsonObject[] steps = [Replace(Space, " "), new() { ["type"] = "ByteFallback" }, new() { ["type"] = "Fuse" }];
        return vocabulary.AddsSpace
            ? Sequence("decoders", [.. steps, new() { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 }])
            : Sequence("decoders", steps);
    }

    private JsonObject? PostProcessor()
    {
        if (!vocabulary.AddsBegin && !vocabulary.AddsEnd) return null;
        var (begin, end) = (vocabulary.AddsBegin ? vocabulary.Begin : null, vocabulary.AddsEnd ? vocabulary.End : null);
        var tokens = new JsonObject();
        foreach (var id in new[] { begin, end }.OfType<int>().Distinct())
        {
            var text = vocabulary.Texts[id];
            tokens[text] = new JsonObject { ["id"] = text, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(text) };
        }

        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Frame(begin, end, "A", 0)),
            ["pair"] = new JsonArray([.. Frame(begin, end, "A", 0), .. Frame(begin, end, "B", 1)]),
            ["special_tokens"] = tokens,
        };
    }

    private JsonNode[] Frame(int? begin, int? end, string sequence, int type)
    {
        var frame = new List<JsonNode>();
        if (begin is { } first) frame.Add(Piece("SpecialToken", vocabulary.Texts[first], type));
        frame.Add(Piece("Sequence", sequence, type));
        if (end is { } last) frame.Add(Piece("SpecialToken", vocabulary.Texts[last], type));
        return [.. frame];
    }

    private static JsonObject Piece(string kind, string id, int type) => new() { [kind] = new JsonObject { ["id"] = id, ["type_id"] = type } };

    private static JsonObject Replace(string text, string replacement) =>
        new() { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = text }, ["content"] = replacement };

    private static JsonObject Sequence(string member, params JsonObject[] steps) => new() { ["type"] = "Sequence", [member] = new JsonArray([.. steps]) };

    private static void WriteNode(Utf8JsonWriter writer, string name, JsonNode? node)
    {
        writer.WritePropertyName(name);
        if (node is null) writer.WriteNullValue();
        else node.WriteTo(writer);
    }
}
