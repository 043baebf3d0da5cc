namespace EdgeAI.Onnx.Tests;

/// <summary>Damages a valid model in ways that keep most of it intact, so that much of the damage lies deep inside. Repeatable.</summary>
internal static class ModelMutations
{
    private static readonly byte[] _extremes = [0x00, 0x01, 0x7F, 0x80, 0xFF];

    public static IEnumerable<byte[]> Generate(byte[] model, int seed, int count)
    {
        var random = new Random(seed);
        var lengths = FindLengths(model);
        for (var i = 0; i < count; i++)
        {
            var bytes = model.ToList();
            for (var times = random.Next(1, 4); times > 0; times--) Mutate(bytes, lengths, random);
            yield return [.. bytes];
        }
    }

    private static void Mutate(List<byte> bytes, List<int> lengths, Random random)
    {
        var at = random.Next(bytes.Count);
        switch (random.Next(7))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2: bytes[at] = _extremes[random.Next(_extremes.Length)]; break;
            case 3: bytes.Insert(at, (byte)random.Next(256)); break;
            case 4: if (bytes.Count > 1) bytes.RemoveAt(at); break;
            case 5:
                var length = int.Min(random.Next(1, 32), bytes.Count - at);
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            default:
                var field = lengths[random.Next(lengths.Count)];
                if (field < bytes.Count) bytes[field] = (byte)(bytes[field] + random.Next(-3, 4));
                break;
        }
    }

    /// <summary>Where the lengths of the outer messages' fields stand.</summary>
    private static List<int> FindLengths(byte[] model)
    {
        var found = new List<int>();
        Collect(model, 0, model.Length, depth: 0, found);
        return found;
    }

    private static void Collect(byte[] model, int start, int end, int depth, List<int> found)
    {
        for (var at = start; at < end - 1;)
        {
            var wireType = model[at++] & 7;
            var value = 0;
            var lengthAt = at;
            for (var shift = 0; at < end; shift += 7)
            {
                value |= (model[at] & 0x7F) << shift;
                if (model[at++] < 0x80) break;
            }

            if (wireType == 0) continue;
            if (wireType != 2 || value < 0 || value > end - at) return;
            found.Add(lengthAt);
            if (depth < 4) Collect(model, at, at + value, depth + 1, found);
            at += value;
        }
    }
}
