using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Grammar;

/// <summary>A byte-level BPE vocabulary learnt from JSON texts as they are, so that its tokens cross the borders of strings, names and brackets; as the files of a model's folder.</summary>
internal static class JsonVocabulary
{
    private const int Specials = 3;

    /// <summary>The id of the end token; 0 and 1 are special tokens too.</summary>
    public const int End = 2;

    /// <summary>Learns as many merges as the vocabulary has room for (Sennrich et al. 2016) and writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c>.</summary>
    public static void Write(string folder, int size)
    {
        var merges = Learn(size - Specials - 256);
        var vocabulary = new JsonObject();
        for (var value = 0; value < 256; value++) vocabulary[ByteAlphabet.CharacterOf((byte)value).ToString()] = Specials + value;
        foreach (var (left, right) in merges) vocabulary[left + right] = Specials + vocabulary.Count;
        string[] specials = ["<none>", "<begin>", "<end>"];
        var tokenizer = new JsonObject
        {
            ["added_tokens"] = new JsonArray([.. specials.Select((name, id) => new JsonObject { ["id"] = id, ["content"] = name, ["special"] = true, ["normalized"] = false })]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray([.. merges.Select(merge => JsonValue.Create($"{merge.Left} {merge.Right}"))]) },
        };
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), tokenizer.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"eos_token":"<end>"}""");
    }

    private static List<(string Left, string Right)> Learn(int count)
    {
        var symbols = new List<string>();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var texts = Enumerable.Range(5000, 250).Select(seed => new RandomSchema(seed).Value()).Select(text => ByteAlphabet.Write(text).Select(unit => Id(unit.ToString())).ToList()).ToList();
        var merges = new List<(string, string)>();
        var pairs = new Dictionary<(int, int), int>();
        while (merges.Count < count)
        {
            pairs.Clear();
            foreach (var text in texts)
            {
                for (var i = 1; i < text.Count; i++) CollectionsMarshal.GetValueRefOrAddDefault(pairs, (text[i - 1], text[i]), out _)++;
            }

            var best = pairs.Where(pair => !ids.ContainsKey(symbols[pair.Key.Item1] + symbols[pair.Key.Item2])).MaxBy(pair => (pair.Value, -pair.Key.Item1, -pair.Key.Item2)).Key;
            merges.Add((symbols[best.Item1], symbols[best.Item2]));
            var merged = Id(symbols[best.Item1] + symbols[best.Item2]);
            foreach (var text in texts) Merge(text, best, merged);
        }

        return merges;

        int Id(string symbol)
        {
            if (ids.TryGetValue(symbol, out var id)) return id;
            symbols.Add(symbol);
            return ids[symbol] = symbols.Count - 1;
        }
    }

    private static void Merge(List<int> text, (int Left, int Right) pair, int merged)
    {
        var kept = 0;
        for (var i = 0; i < text.Count; i++)
        {
            var isPair = i + 1 < text.Count && text[i] == pair.Left && text[i + 1] == pair.Right;
            text[kept++] = isPair ? merged : text[i];
            if (isPair) i++;
        }

        text.RemoveRange(kept, text.Count - kept);
    }
}
