using EdgeAI.Tests;

namespace EdgeAI.Generation.Tests;

/// <summary>Published vocabularies, which the repository does not hold: see README.md of the golden files for how to get them.</summary>
internal static class Vocabularies
{
    /// <summary>A folder with a folder per vocabulary; without it <c>artifacts/tokenizers</c> of this checkout.</summary>
    private const string Variable = "EDGEAI_TOKENIZERS";

    /// <summary>The folder of a vocabulary; ends the test as inconclusive where it is missing.</summary>
    public static string Require(string name)
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : DefaultFolder(), name);
        if (!File.Exists(Path.Combine(folder, "tokenizer.json"))) Assert.Inconclusive($"needs the vocabulary '{name}' in artifacts/tokenizers or in the folder that {Variable} names");
        return folder;
    }

    private static string DefaultFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EdgeAI.sln"))) return Path.Combine(folder.FullName, "artifacts", "tokenizers");
        }

        return "";
    }
}
