namespace EdgeAI.Generation;

/// <summary>Tokens and their ids. Immutable and thread-safe.</summary>
internal sealed class Vocabulary
{
    /// <summary>Ids are indices of tables, so a file that lies about them must not take the memory. The largest vocabularies have 300,000.</summary>
    public const int MaxId = 4_000_000;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;

    public Vocabulary(Dictionary<string, int> ids)
    {
        _ids = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var tokens = new string?[ids.Count == 0 ? 0 : ids.Values.Max() + 1];
        foreach (var (token, id) in ids) tokens[id] = token;
        Tokens = tokens;
    }

    /// <summary>By id.</summary>
    public IReadOnlyList<string?> Tokens { get; }

    /// <summary>Reads an object of tokens and ids.</summary>
    public static Vocabulary Read(CheckedJson json)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, id) in json.Members()) ids[token] = id.AsInt32(0, MaxId);
        return new Vocabulary(ids);
    }

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _ids.TryGetValue(token, out id);

    /// <summary>The ids of the 256 tokens that stand for bytes, <c>&lt;0x00&gt;</c> and on; <see langword="null"/> where some are missing.</summary>
    public int[]? ByteIds()
    {
        var ids = new int[256];
        for (var value = 0; value < 256; value++)
        {
            if (!TryGetId(ByteToken.NameOf((byte)value), out ids[value])) return null;
        }

        return ids;
    }
}
