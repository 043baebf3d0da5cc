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
    [DataRow(KeyValueCacheType.Float32)]
    [DataRow(KeyValueCacheType.Int8)]
    public async Task Generate_ManyAtOnce_EachGivesWhatItGivesAlone(KeyValueCacheType cache)
    {
        await using var model = await TinyLlama.BuildAsync(cache: cache);
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
    /// best tokens of the sequence alone lie closer together than that explains. In a cache of 8 bits it may also turn a code that lay halfway into its neighbour.
    /// </summary>
    [TestMethod]
    [DataRow(KeyValueCacheType.Float32)]
    [DataRow(KeyValueCacheType.Int8)]
    public async Task Generate_JoinsAndLeavesAtRandomSteps_EachGivesWhatItGivesAlone(KeyValueCacheType cache)
    {
        const int Sequences = 32;
        var tie = cache == KeyValueCacheType.Int8 ? 0.03f : 1e-3f;
        await using var model = await TinyLlama.BuildAsync(cache: cache);
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
            Assert.IsLessThan(tie, top[0].LogProbability - top[1].LogProbability, $"sequence {i}, token {different}");
        }
    }

    [TestMethod]
    [DataRow(KeyValueCacheType.Float32)]
    [DataRow(KeyValueCacheType.Int8)]
    public async Task Generate_PromptContinuesAnEarlierOne_ComputesOnlyWhatIsNew(KeyValueCacheType cache)
    {
        await using var model = await TinyLlama.BuildAsync(cache: cache);
        await using var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 2 });
        var golden = await ContinuationAsync(model, [1], 110);
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
    [DataRow(KeyValueCacheType.Float32)]
    [DataRow(KeyValueCacheType.Int8)]
    public async Task Generate_PinnedPrompt_IsNeverComputedAgain(KeyValueCacheType cache)
    {
        await using var model = await TinyLlama.BuildAsync(cache: cache);
        var golden = await ContinuationAsync(model, [1], 110);
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
    [DataRow(KeyValueCacheType.Float32)]
    [DataRow(KeyValueCacheType.Int8)]
    public async Task Generate_PinnedPromptWasKeptOnDisk_GivesTheSameAnswer(KeyValueCacheType cache)
    {
        await using var model = await TinyLlama.BuildAsync(cache: cache);
        using var kept = new TemporaryFolder();
        var golden = await ContinuationAsync(model, [1], 110);
        int[] prompt = [1, .. golden[..50]];
        var options = new TextGeneratorOptions { MaxSequences = 1, PrefixCacheFolder = kept.Path };
        options.PinnedTokens.Add(prompt);
        await using (await model.LoadAsync(options)) Assert.HasCount(1, kept.FileNames);
        var written = File.ReadAllBytes(kept.PathOf(kept.FileNames[0]));

        await using var generator = await model.LoadAsync(options);
        var answer = generator.Generate(new GenerationRequest(prompt) { Options = _options });
        var tokens = await DrainAsync(answer);

        CollectionAssert.AreEqual(golden[50..90], tokens);
        Assert.AreEqual(50, answer.Usage.CachedTokens);
        CollectionAssert.AreEqual(written, File.ReadAllBytes(kept.PathOf(kept.FileNames.Single())));
    }

    [TestMethod]
    [DataRow(KeyValueCacheType.Float32)]
    [DataRow(KeyValueCacheType.Int8)]
    public async Task Generate_Speculating_GivesTheGoldenTokens(KeyValueCacheType cache)
    {
        await using var model = await TinyLlama.BuildAsync(cache: cache);
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
    [DataRow(KeyValueCacheType.Float32)]
    [DataRow(KeyValueCacheType.Int8)]
    public async Task Decoder_SteadySteps_AllocateNothing(KeyValueCacheType cache)
    {
        await using var model = await TinyLlama.BuildAsync(cache: cache);
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
    [DataRow(KeyValueCacheType.Float32)]
    [DataRow(KeyValueCacheType.Int8)]
    public async Task Decoder_RowsCopiedOutAndIn_GiveTheSameLogits(KeyValueCacheType cache)
    {
        await using var model = await TinyLlama.BuildAsync(cache: cache);
        using var decoder = await model.OpenDecoderAsync(slots: 3, capacity: 64);
        int[] prompt = [1, 461, 401, 299, 300, 301, 302];
        var expected = decoder.Prefill(0, 0, prompt, 1).ToArray();
        using var rows = new NativeBuffer((nuint)(6 * decoder.RowBytes));
        decoder.Export(0, 6, rows);

        decoder.Import(2, 5, rows, 6);
        decoder.CopyRows(2, 1, 5);
        var copied = decoder.Prefill(1, 5, prompt.AsSpan(5), 1).ToArray();

        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], copied[i], cache == KeyValueCacheType.Int8 ? 2e-2f : 1e-4f);
    }

    [TestMethod]
    [DataRow(KeyValueCacheType.Float32)]
    [DataRow(KeyValueCacheType.Int8)]
    public async Task Decoder_SeveralLogitsAsked_TheyAreThoseOfSingleSteps(KeyValueCacheType cache)
    {
        await using var model = await TinyLlama.BuildAsync(cache: cache);
        using var decoder = await model.OpenDecoderAsync(slots: 2, capacity: 64);
        int[] prompt = [1, 461, 401, 299, 300];
        var together = decoder.Prefill(0, 0, prompt, 5).ToArray();

        for (var i = 0; i < prompt.Length; i++)
        {
            var single = decoder.Decode(1, [prompt[i]], [i]);
            for (var token = 0; token < single.Length; token++) Assert.AreEqual(single[token], together[(i * single.Length) + token], cache == KeyValueCacheType.Int8 ? 2e-2f : 1e-4f);
        }
    }

    /// <summary>Kept rows belong to one kind of cache and to one set of scales: another model neither reads nor removes them.</summary>
    [TestMethod]
    public async Task Load_PinnedPromptOfTheOtherCacheOnDisk_IsComputedAndKeptBesideIt()
    {
        await using var floats = await TinyLlama.BuildAsync();
        await using var codes = await TinyLlama.BuildAsync(cache: KeyValueCacheType.Int8);
        using var cache = new TemporaryFolder();
        int[] prompt = [1, .. TinyLlama.GoldenTokens()[..50]];
        var options = new TextGeneratorOptions { MaxSequences = 1, PrefixCacheFolder = cache.Path };
        options.PinnedTokens.Add(prompt);

        await using (await floats.LoadAsync(options))
        {
            Assert.HasCount(1, cache.FileNames);
        }

        var ofFloats = cache.FileNames.Single();
        await using (await codes.LoadAsync(options))
        {
            Assert.HasCount(2, cache.FileNames);
        }

        var ofCodes = cache.FileNames.Single(name => name != ofFloats);
        var (large, small) = (new FileInfo(cache.PathOf(ofFloats)).Length, new FileInfo(cache.PathOf(ofCodes)).Length);
        Assert.AreEqual(51L * 5 * 2 * 4 * 16 * (sizeof(float) - sizeof(sbyte)), large - small);

        // Even where it lies under the other's name, and where a byte was changed.
        File.Copy(cache.PathOf(ofFloats), cache.PathOf(ofCodes), overwrite: true);
        var expected = await ContinuationAsync(codes, prompt, 40);
        CollectionAssert.AreEqual(expected, await AnswerAsync());
        Assert.AreEqual(small, new FileInfo(cache.PathOf(ofCodes)).Length);
        var bytes = File.ReadAllBytes(cache.PathOf(ofCodes));
        bytes[bytes.Length / 2] ^= 0x40;
        File.WriteAllBytes(cache.PathOf(ofCodes), bytes);
        CollectionAssert.AreEqual(expected, await AnswerAsync());
        bytes[bytes.Length / 2] ^= 0x40;
        CollectionAssert.AreEqual(bytes, File.ReadAllBytes(cache.PathOf(ofCodes)));

        async Task<int[]> AnswerAsync()
        {
            await using var generator = await codes.LoadAsync(options);
            return await RunAsync(generator, prompt, _options);
        }
    }

    /// <summary>What a model generates when it is asked for nothing else.</summary>
    private static async Task<int[]> ContinuationAsync(TinyLlama model, int[] prompt, int count)
    {
        await using var generator = await model.LoadAsync(new TextGeneratorOptions { MaxSequences = 1, PrefixCacheBytes = 0 });
        return await RunAsync(generator, prompt, _options with { MaxTokens = count, Speculate = false, ReusePrefix = false });
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
