namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class TextGeneratorOnCpuTests
{
    private static readonly GenerationOptions _options = new() { MaxTokens = 40, IgnoreEndTokens = true, Speculate = true };

    [TestMethod]
    public async Task Generate_TrainedModel_GivesTheGoldenTokens()
    {
        await using var model = await TinyLlama.BuildAsync();
        await using var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 1 });
        var golden = TinyLlama.GoldenTokens();

        var tokens = await RunAsync(generator, [1], _options with { MaxTokens = golden.Length });

        CollectionAssert.AreEqual(golden, tokens);
    }

    [TestMethod]
    public async Task Generate_ManyAtOnce_EachGivesWhatItGivesAlone()
    {
        await using var model = await TinyLlama.BuildAsync();
        int[][] prompts = [[1], [1, 461, 401], [1, 300, 301, 302, 303, 304, 305], [1, 461, 461, 401, 401, 401, 461], [1, 77], [1, 260, 261, 262]];
        var alone = new List<int[]>();
        await using (var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 1, PrefixCacheBytes = 0 }))
        {
            foreach (var prompt in prompts) alone.Add(await RunAsync(generator, prompt, _options with { ReusePrefix = false }));
        }

        await using var shared = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 4 });
        var together = await Task.WhenAll(prompts.Select(prompt => RunAsync(shared, prompt, _options)));

        for (var i = 0; i < prompts.Length; i++) CollectionAssert.AreEqual(alone[i], together[i], $"prompt {i}");
    }

    /// <summary>
    /// Sequences join when another has come so far, and leave at their end or in the middle. Kernels add in another order for another number of rows: a first difference may only be where the two
    /// best tokens of the sequence alone lie closer together than that explains.
    /// </summary>
    [TestMethod]
    public async Task Generate_JoinsAndLeavesAtRandomSteps_EachGivesWhatItGivesAlone()
    {
        const int Sequences = 32;
        const float Tie = 1e-3f;
        await using var model = await TinyLlama.BuildAsync();
        var random = new Random(7);
        var golden = TinyLlama.GoldenTokens();
        var plans = Enumerable.Range(0, Sequences).Select(i => (
            Prompt: (int[])[1, .. golden[..random.Next(60)], .. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(3, 512))],
            Tokens: random.Next(2, 50),
            After: i < 3 ? -1 : random.Next(i),
            Step: random.NextDouble(),
            Leaves: random.Next(4) == 0)).ToArray();
        var alone = new List<List<GeneratedToken>>();
        await using (var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 1, PrefixCacheBytes = 0 }))
        {
            foreach (var plan in plans) alone.Add(await CollectAsync(generator, plan.Prompt, new() { MaxTokens = plan.Tokens, IgnoreEndTokens = true, ReusePrefix = false, Speculate = false, TopLogProbabilities = 2 }, _ => true));
        }

        await using var shared = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 5 });
        var progress = plans.Select(_ => new SemaphoreSlim(0)).ToArray();
        var together = await Task.WhenAll(plans.Select((plan, i) => Task.Run(async () =>
        {
            if (plan.After >= 0)
            {
                var other = plans[plan.After];
                var length = other.Leaves ? (other.Tokens / 2) + 1 : other.Tokens;
                for (var step = 0; step < 1 + (int)(plan.Step * (length - 1)); step++) await progress[plan.After].WaitAsync();
            }

            return await CollectAsync(shared, plan.Prompt, _options with { MaxTokens = plan.Tokens }, count =>
            {
                // More than one may wait for this one.
                progress[i].Release(Sequences);
                return !plan.Leaves || count <= plan.Tokens / 2;
            });
        })));

        for (var i = 0; i < Sequences; i++)
        {
            Assert.AreEqual(plans[i].Leaves ? (plans[i].Tokens / 2) + 1 : plans[i].Tokens, together[i].Count, $"sequence {i}");
            var different = together[i].Zip(alone[i]).TakeWhile(pair => pair.First.Id == pair.Second.Id).Count();
            if (different == together[i].Count) continue;
            var top = alone[i][different].TopLogProbabilities!;
            Assert.IsLessThan(Tie, top[0].LogProbability - top[1].LogProbability, $"sequence {i}, token {different}");
        }
    }

    [TestMethod]
    public async Task Generate_PromptContinuesAnEarlierOne_ComputesOnlyWhatIsNew()
    {
        await using var model = await TinyLlama.BuildAsync();
        await using var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 2 });
        var golden = TinyLlama.GoldenTokens();
        var first = generator.Generate(new GenerationRequest(new[] { 1 }) { Options = _options });
        await DrainAsync(first);

        var second = generator.Generate(new GenerationRequest((int[])[1, .. golden[..60]]) { Options = _options });
        var tokens = await DrainAsync(second);

        CollectionAssert.AreEqual(golden[60..100], tokens);
        Assert.AreEqual(40, second.Usage.CachedTokens);
        Assert.AreEqual(61, second.Usage.PromptTokens);
        Assert.AreEqual(40, second.Usage.GeneratedTokens);
        Assert.AreEqual(FinishReason.Length, second.FinishReason);
    }

    [TestMethod]
    public async Task Generate_PinnedPrompt_IsNeverComputedAgain()
    {
        await using var model = await TinyLlama.BuildAsync();
        var golden = TinyLlama.GoldenTokens();
        int[] prompt = [1, .. golden[..50]];
        var options = new TextGeneratorOptions { MaxSequences = 1, PrefixCacheBytes = 0 };
        options.PinnedTokens.Add(prompt);
        await using var generator = await model.LoadAsync(options);
        await RunAsync(generator, [1, 2, 3], _options);

        var answer = generator.Generate(new GenerationRequest(prompt) { Options = _options });
        var tokens = await DrainAsync(answer);

        CollectionAssert.AreEqual(golden[50..90], tokens);
        Assert.AreEqual(50, answer.Usage.CachedTokens);
    }

    [TestMethod]
    public async Task Generate_PinnedPromptWasKeptOnDisk_GivesTheSameAnswer()
    {
        await using var model = await TinyLlama.BuildAsync();
        using var cache = new TemporaryFolder();
        var golden = TinyLlama.GoldenTokens();
        int[] prompt = [1, .. golden[..50]];
        var options = new TextGeneratorOptions { MaxSequences = 1, PrefixCacheFolder = cache.Path };
        options.PinnedTokens.Add(prompt);
        await using (await model.LoadAsync(options)) Assert.HasCount(1, cache.FileNames);
        var written = File.ReadAllBytes(cache.PathOf(cache.FileNames[0]));

        await using var generator = await model.LoadAsync(options);
        var answer = generator.Generate(new GenerationRequest(prompt) { Options = _options });
        var tokens = await DrainAsync(answer);

        CollectionAssert.AreEqual(golden[50..90], tokens);
        Assert.AreEqual(50, answer.Usage.CachedTokens);
        CollectionAssert.AreEqual(written, File.ReadAllBytes(cache.PathOf(cache.FileNames.Single())));
    }

    [TestMethod]
    public async Task Generate_Speculating_GivesTheGoldenTokens()
    {
        await using var model = await TinyLlama.BuildAsync();
        await using var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 1 });
        var golden = TinyLlama.GoldenTokens();

        // What is to come is in the prompt already, so that drafts are right.
        int[] prompt = [1, .. golden[..64], 1];
        var plain = await RunAsync(generator, prompt, _options with { Speculate = false, MaxTokens = 120 });
        var answer = generator.Generate(new GenerationRequest(prompt) { Options = _options with { MaxTokens = 120 } });

        CollectionAssert.AreEqual(plain, await DrainAsync(answer));
        Assert.IsTrue(answer.Usage.AcceptedTokens <= answer.Usage.DraftedTokens);
    }

    [TestMethod]
    public async Task Generate_ReaderLeavesEarly_TheSlotIsFree()
    {
        await using var model = await TinyLlama.BuildAsync();
        await using var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 1 });
        await foreach (var _ in generator.Generate(new GenerationRequest(new[] { 1 }) { Options = _options with { MaxTokens = 400 } })) break;

        var tokens = await RunAsync(generator, [1], _options);

        CollectionAssert.AreEqual(TinyLlama.GoldenTokens()[..40], tokens);
    }

    [TestMethod]
    public async Task Generate_TokenIsCancelled_ThrowsForThatToken()
    {
        await using var model = await TinyLlama.BuildAsync();
        await using var generator = await model.LoadAsync();
        using var source = new CancellationTokenSource();

        var error = await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in generator.Generate(new GenerationRequest(new[] { 1 }) { Options = _options with { MaxTokens = 400 } }).WithCancellation(source.Token)) await source.CancelAsync();
        });

        Assert.AreEqual(source.Token, error.CancellationToken);
    }

    [TestMethod]
    public async Task Generate_BadRequest_NamesEveryProblem()
    {
        await using var model = await TinyLlama.BuildAsync();
        await using var generator = await model.LoadAsync();

        var error = Assert.ThrowsExactly<InvalidInputException>(() => generator.Generate(new GenerationRequest(new[] { 1, 100_000 }) { Options = new() { Temperature = -1 } }));

        StringAssert.Contains(error.Message, "100000");
        StringAssert.Contains(error.Message, "Temperature");
    }

    [TestMethod]
    public async Task Dispose_AnswerInProgress_EndsItWithAReason()
    {
        await using var model = await TinyLlama.BuildAsync();
        var generator = await model.LoadAsync(new TextGeneratorOptions { DrainTimeout = TimeSpan.Zero, MaxSequences = 1 });
        var answer = generator.Generate(new GenerationRequest(new[] { 1 }) { Options = _options with { MaxTokens = 500 } });
        await using var reader = answer.GetAsyncEnumerator();
        Assert.IsTrue(await reader.MoveNextAsync());

        await generator.DisposeAsync();

        // A quick machine may have answered it all.
        try
        {
            while (await reader.MoveNextAsync())
            {
            }

            Assert.AreEqual(FinishReason.Length, answer.FinishReason);
        }
        catch (RequestRejectedException e)
        {
            Assert.AreEqual(RejectionReason.ShuttingDown, e.Reason);
            Assert.IsNull(answer.FinishReason);
        }

        Assert.ThrowsExactly<ObjectDisposedException>(() => generator.Generate(new GenerationRequest(new[] { 1 })));
    }

    [TestMethod]
    public async Task Decoder_SteadySteps_AllocateNothing()
    {
        await using var model = await TinyLlama.BuildAsync();
        using var decoder = await model.OpenDecoderAsync(slots: 2, capacity: 256);
        var place = 0;
        for (; place < 50; place++) Steps(place);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (; place < 150; place++) Steps(place);

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Steps(int place)
        {
            decoder.Decode(0, [3, 4], [place, place]);
            decoder.Prefill(1, place, [4], 1);
        }
    }

    [TestMethod]
    public async Task Decoder_RowsCopiedOutAndIn_GiveTheSameLogits()
    {
        await using var model = await TinyLlama.BuildAsync();
        using var decoder = await model.OpenDecoderAsync(slots: 3, capacity: 64);
        int[] prompt = [1, 461, 401, 299, 300, 301, 302];
        var expected = decoder.Prefill(0, 0, prompt, 1).ToArray();
        using var rows = new NativeBuffer((nuint)(6 * decoder.RowBytes));
        decoder.Export(0, 6, rows);

        decoder.Import(2, 5, rows, 6);
        decoder.CopyRows(2, 1, 5);
        var copied = decoder.Prefill(1, 5, prompt.AsSpan(5), 1).ToArray();

        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], copied[i], 1e-4f);
    }

    [TestMethod]
    public async Task Decoder_SeveralLogitsAsked_TheyAreThoseOfSingleSteps()
    {
        await using var model = await TinyLlama.BuildAsync();
        using var decoder = await model.OpenDecoderAsync(slots: 2, capacity: 64);
        int[] prompt = [1, 461, 401, 299, 300];
        var together = decoder.Prefill(0, 0, prompt, 5).ToArray();

        for (var i = 0; i < prompt.Length; i++)
        {
            var single = decoder.Decode(1, [prompt[i]], [i]);
            for (var token = 0; token < single.Length; token++) Assert.AreEqual(single[token], together[(i * single.Length) + token], 1e-4f);
        }
    }

    private static async Task<int[]> RunAsync(TextGenerator generator, int[] prompt, GenerationOptions options) =>
        await DrainAsync(generator.Generate(new GenerationRequest(prompt) { Options = options }));

    /// <summary>The tokens until the end, or until the reader has had enough.</summary>
    private static async Task<List<GeneratedToken>> CollectAsync(TextGenerator generator, int[] prompt, GenerationOptions options, Func<int, bool> goesOn)
    {
        var tokens = new List<GeneratedToken>();
        await foreach (var token in generator.Generate(new GenerationRequest(prompt) { Options = options }))
        {
            tokens.Add(token);
            if (!goesOn(tokens.Count)) break;
        }

        return tokens;
    }

    private static async Task<int[]> DrainAsync(GenerationAnswer answer)
    {
        var tokens = new List<int>();
        await foreach (var token in answer) tokens.Add(token.Id);
        return [.. tokens];
    }
}
