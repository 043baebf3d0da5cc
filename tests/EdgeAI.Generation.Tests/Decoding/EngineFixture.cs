using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Generation.Tests;

/// <summary>An engine that is stepped by hand, in virtual time.</summary>
internal sealed class EngineFixture : IDisposable
{
    public EngineFixture(HistoryDecoder decoder, DecodingLimits? limits = null, params IReadOnlyList<int> endTokens)
    {
        Decoder = decoder;
        Clock = new GenerationClock(Time);
        Engine = new DecodingEngine(decoder, limits ?? new DecodingLimits { SharedChunk = 4, PrefixCacheBytes = 1 << 20 }, endTokens, "cpu:0", Clock);
    }

    public FakeTimeProvider Time { get; } = new();

    public GenerationClock Clock { get; }

    public HistoryDecoder Decoder { get; }

    public DecodingEngine Engine { get; }

    public GenerationSequence Create(GenerationRequest request) =>
        new(request, new TokenSampler(request.Options, Engine.Workspace, request.PromptTokens.Span, request.Options.Seed ?? 1), Decoder.Capacity, Clock.Now);

    public GenerationSequence Submit(ReadOnlyMemory<int> prompt, int maxTokens, bool reuse = true) =>
        Submit(new GenerationRequest(prompt) { Options = new GenerationOptions { MaxTokens = maxTokens, ReusePrefix = reuse } });

    public GenerationSequence Submit(GenerationRequest request)
    {
        var sequence = Create(request);
        Engine.Submit(sequence);
        return sequence;
    }

    /// <summary>Steps until nothing is left to do.</summary>
    public void RunToEnd()
    {
        var steps = 0;
        while (Engine.HasWork)
        {
            Engine.Step();
            Assert.IsTrue(++steps < 100_000, "the engine does not come to an end");
        }
    }

    /// <summary>What the reader has been given so far.</summary>
    public static int[] Read(GenerationSequence sequence, out Exception? error)
    {
        var tokens = new List<int>();
        while (sequence.Pipe.TryRead(out var entry, out _, out error)) tokens.Add(entry.Id);
        return [.. tokens];
    }

    public static int[] Read(GenerationSequence sequence)
    {
        var tokens = Read(sequence, out var error);
        if (error is not null) throw error;
        return tokens;
    }

    public void Dispose() => Engine.Dispose();
}
