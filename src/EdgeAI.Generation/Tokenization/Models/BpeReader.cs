namespace EdgeAI.Generation;

/// <summary>Reads a model of type <c>BPE</c>.</summary>
internal static class BpeReader
{
    public static BpeModel Read(CheckedJson json)
    {
        if (json.Optional("dropout") is { } dropout && dropout.AsFinite() != 0) throw dropout.Refusal("merges that are left out by chance ('dropout') are not supported");
        var options = new BpeOptions
        {
            UnknownToken = json.StringOrNull("unk_token"),
            FusesUnknown = json.BooleanOr("fuse_unk", false),
            FallsBackToBytes = json.BooleanOr("byte_fallback", false),
            IgnoresMerges = json.BooleanOr("ignore_merges", false),
            ContinuingPrefix = json.StringOrNull("continuing_subword_prefix") ?? "",
            EndSuffix = json.StringOrNull("end_of_word_suffix") ?? "",
        };
        var vocabulary = Vocabulary.Read(json["vocab"]);
        if (options.UnknownToken is { } unknown && !vocabulary.TryGetId(unknown, out _)) throw json.Refusal($"the unknown token '{unknown}' is not in the vocabulary");
        return new BpeModel(vocabulary, ReadMerges(json["merges"], vocabulary, options), options);
    }

    private static BpeMerges ReadMerges(CheckedJson json, Vocabulary vocabulary, BpeOptions options)
    {
        var merges = new BpeMerges(json.Length);
        var rank = -1;
        foreach (var pair in json.Elements())
        {
            rank++;
            var (left, right) = ReadPair(pair);
            if (right.Length < options.ContinuingPrefix.Length) throw json.Refusal($"merge {rank} has a part that lacks the prefix of continuations");
            var merged = left + right[options.ContinuingPrefix.Length..];
            merges.Add(Require(left), Require(right), rank, Require(merged));

            int Require(string token) => vocabulary.TryGetId(token, out var id) ? id : throw json.Refusal($"merge {rank} names '{token}', which is not in the vocabulary");
        }

        return merges;
    }

    // Older files write a pair as one string; a token with a space needs the newer form.
    private static (string Left, string Right) ReadPair(CheckedJson json)
    {
        if (json.Kind == System.Text.Json.JsonValueKind.Array)
        {
            return json.Length == 2 ? (json[0].AsString(), json[1].AsString()) : throw json.Refusal($"'{json.Path}' is not a pair");
        }

        var parts = json.AsString().Split(' ');
        return parts.Length == 2 ? (parts[0], parts[1]) : throw json.Refusal($"'{json.Path}' is not a pair");
    }
}
