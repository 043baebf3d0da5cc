using EdgeAI.Generation.Tests.Chat;

namespace EdgeAI.Generation.Tests.DependencyInjection;

/// <summary>"Loads" generators whose answers the test wrote, and keeps what it was asked for.</summary>
internal sealed class ScriptedLoader(params string[] answers) : ITextGeneratorLoader
{
    public List<(string Folder, TextGeneratorOptions Options, ScriptedGenerator Generator)> Loads { get; } = [];

    /// <summary>So many loads fail before one succeeds.</summary>
    public int Failures { get; set; }

    /// <summary>What loading waits for.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    public async ValueTask<ITextGenerator> LoadAsync(string folder, TextGeneratorOptions options, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        if (Failures-- > 0) throw new ModelLoadException("not this time", folder);
        var generator = new ScriptedGenerator(LetterTokenizer.ChatMl, new ChatMlTemplate(), [.. answers.Select(LetterTokenizer.Spell)]);
        Loads.Add((folder, options, generator));
        return generator;
    }
}
