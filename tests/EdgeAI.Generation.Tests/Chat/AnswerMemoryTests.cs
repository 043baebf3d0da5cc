namespace EdgeAI.Generation.Tests.Chat;

[TestClass]
public sealed class AnswerMemoryTests
{
    [TestMethod]
    public void Add_MoreThanItsCapacity_ForgetsWhatWasUsedLongestAgo()
    {
        var memory = new AnswerMemory(2);
        memory.Add("a", Answer(1));
        memory.Add("b", Answer(2));
        _ = memory.Find("a");

        memory.Add("c", Answer(3));

        Assert.IsNotNull(memory.Find("a"));
        Assert.IsNull(memory.Find("b"));
        Assert.IsNotNull(memory.Find("c"));
    }

    [TestMethod]
    public void Add_SameKey_TakesTheLaterTokens()
    {
        var memory = new AnswerMemory(2);
        memory.Add("a", Answer(1));
        memory.Add("a", Answer(2));

        Assert.AreEqual(2, memory.Find("a")!.Tokens.Span[0]);
    }

    [TestMethod]
    public void Add_VeryLongAnswers_StaysBounded()
    {
        var memory = new AnswerMemory(1000);
        var tokens = new int[1 << 20];
        for (var i = 0; i < 6; i++) memory.Add($"{i}", new RememberedAnswer(default, tokens, 0, false));

        Assert.IsNull(memory.Find("1"));
        Assert.IsNotNull(memory.Find("2"));
        Assert.IsNotNull(memory.Find("5"));
    }

    [TestMethod]
    public void Add_NoCapacity_RemembersNothing()
    {
        var memory = new AnswerMemory(0);
        memory.Add("a", Answer(1));

        Assert.IsNull(memory.Find("a"));
    }

    private static RememberedAnswer Answer(int token) => new(default, new[] { token }, 0, false);
}
