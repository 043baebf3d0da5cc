namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class TextGeneratorOptionsValidatorTests
{
    [TestMethod]
    public void Check_Defaults_AreFine() => Assert.IsEmpty(TextGeneratorOptionsValidator.Check(new TextGeneratorOptions()));

    [TestMethod]
    [DataRow(-1L, "folder", 1L, "0 or more")]
    [DataRow(1L, null, 1L, "PrefixCacheFolder")]
    [DataRow(1L, "folder", 0L, "PrefixCacheBytes over 0")]
    public void Check_ConversationsCannotBeKept_SaysWhatIsMissing(long bytes, string? folder, long memory, string expected)
    {
        var errors = TextGeneratorOptionsValidator.Check(new TextGeneratorOptions { KeptConversationBytes = bytes, PrefixCacheFolder = folder, PrefixCacheBytes = memory });

        StringAssert.Contains(errors.Single(), expected);
    }

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
