namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class SequenceForecastTests
{
    /// <summary>10 ticks a token of a prompt, 20 while others are decoded, 5 a step; parts of 16 tokens.</summary>
    private static readonly DecodingPace _pace = CreatePace();

    [TestMethod]
    [DataRow(10, false, 100.0)]
    [DataRow(10, true, 205.0)]
    [DataRow(33, true, 675.0)]
    [DataRow(0, false, 5.0)]
    public void Prompt_Tokens_TakeTheirTimeAndStepsBetweenThem(int tokens, bool isShared, double expected) => Assert.AreEqual(expected, _pace.Prompt(tokens, isShared), 1e-9);

    [TestMethod]
    public void ObservePrompt_FewTokens_TellNothing()
    {
        var pace = new DecodingPace(16);
        pace.ObservePrompt(7, 1000, isShared: false, now: 3);

        Assert.AreEqual(-1, pace.ObservedAt);
        Assert.AreEqual(0, pace.Prompt(100, isShared: false));
    }

    [TestMethod]
    public void ObservePrompt_PaceChanges_IsFollowed()
    {
        var pace = new DecodingPace(16);
        for (var i = 0; i < 30; i++) pace.ObservePrompt(100, 100 * (i < 10 ? 10 : 40), isShared: false, i);

        Assert.AreEqual(40, pace.Prompt(1, isShared: false), 1);
    }

    [TestMethod]
    public void Add_EverythingIsFree_IsThePromptAlone() => Assert.AreEqual(200, new SequenceForecast(_pace, [0, 0], 0).Add(20, 10));

    [TestMethod]
    public void Add_AllSlotsAreBusy_WaitsForTheFirst() =>

        // The other is decoded until 900, so that the prompt comes in two parts with a step each.
        Assert.AreEqual(300 + (20 * 20) + (2 * 5), new SequenceForecast(_pace, [900, 300], 0).Add(20, 10));

    [TestMethod]
    public void Add_AnotherPromptIsComputed_ComesAfterIt() => Assert.AreEqual(500 + 200, new SequenceForecast(_pace, [500, 0], 500).Add(20, 10));

    [TestMethod]
    public void Add_SeveralWait_EachComesWhenTheOnesBeforeHaveEnded()
    {
        var forecast = new SequenceForecast(_pace, [0], 0);

        Assert.AreEqual(100, forecast.Add(10, 21));
        Assert.AreEqual(200, forecast.NextFree);
        Assert.AreEqual(200 + 50, forecast.Add(5, 21));
        Assert.AreEqual(350, forecast.NextFree);
    }

    private static DecodingPace CreatePace()
    {
        var pace = new DecodingPace(16);
        pace.ObservePrompt(100, 1000, isShared: false, now: 0);
        pace.ObservePrompt(16, 320, isShared: true, now: 0);
        pace.ObserveStep(5, 1);
        return pace;
    }
}
