using System.Text.Json.Nodes;
using EdgeAI.Tests;

namespace EdgeAI.Generation.Tests;

/// <summary>The golden answers of an independent implementation.</summary>
internal static class Golden
{
    public static JsonObject Require(string name)
    {
        var path = SharedData.Require($"tokenizers/golden-{name}.json");
        if (!File.Exists(path)) Assert.Inconclusive($"needs shared/tokenizers/golden-{name}.json");
        return JsonNode.Parse(File.ReadAllText(path))!.AsObject();
    }

    public static int[] Ids(JsonNode? node) => [.. node!.AsArray().Select(id => id!.GetValue<int>())];
}
