namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class TextGeneratorOptionsValidatorTests
{
    [TestMethod]
    public void Check_Defaults_AreFine() => Assert.IsEmpty(TextGeneratorOptionsValidator.Check(new TextGeneratorOptions()));

    [TestMethod]
    public void Check_EverythingIsWrong_NamesEverything()
    {
        var options = new TextGeneratorOptions
        {
            ContextLength = 1,
            MaxSequences = 0,
            Threads = 0,
            DeviceId = " ",
            MaxQueueLength = 0,
            DefaultDeadline = TimeSpan.Zero,
            PrefixCacheBytes = -1,
            PrefixCacheFolder = "",
            DrainTimeout = TimeSpan.FromHours(2),
        };
        options.PinnedPrompts.Add("");
        options.PinnedTokens.Add(default);

        var errors = TextGeneratorOptionsValidator.Check(options);

        Assert.HasCount(11, errors);
    }
}
