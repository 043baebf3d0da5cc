using EdgeAI.Samples.Voice;

namespace EdgeAI.Samples.Tests.Voice;

[TestClass]
public class SpeechSegmentationTests
{
    /// <summary>Ten chunks a second are easy to reason about: speech needs three of them, and one quiet chunk ends it.</summary>
    private static readonly TimeSpan _chunk = TimeSpan.FromMilliseconds(100);

    private static readonly SegmentationOptions _options = new();

    [TestMethod]
    public void Find_Speech_IsPaddedOnBothSides()
    {
        var segment = Find("0009999000").Single();

        Assert.AreEqual(270, segment.Start.TotalMilliseconds);
        Assert.AreEqual(730, segment.End.TotalMilliseconds);
        Assert.AreEqual(0.9f, segment.MeanProbability, 1e-6f);
    }

    [TestMethod]
    public void Find_ShortSpeech_IsDropped() => Assert.IsEmpty(Find("0009900000"));

    [TestMethod]
    public void Find_Silence_FindsNothing() => Assert.IsEmpty(Find("0004440000"));

    [TestMethod]
    public void Find_NoSound_FindsNothing() => Assert.IsEmpty(Find(""));

    [TestMethod]
    public void Find_DipAboveHysteresis_DoesNotEndSpeech() => Assert.HasCount(1, Find("0099944999000"));

    [TestMethod]
    public void Find_DipBelowHysteresis_EndsSpeech() => Assert.HasCount(2, Find("0099933999000"));

    [TestMethod]
    public void Find_SilenceShorterThanMinimum_DoesNotEndSpeech() =>
        Assert.HasCount(1, Find("0099900999000", _options with { MinimumSilence = 3 * _chunk }));

    [TestMethod]
    public void Find_SilenceThatRisesBetweenTheLimits_GoesOn() =>
        Assert.HasCount(2, Find("0099904099900", _options with { MinimumSilence = 3 * _chunk }));

    [TestMethod]
    public void Find_SpeechToTheEnd_EndsWithTheSound()
    {
        var segment = SpeechSegmentation.Find(Parse("09999"), _chunk, TimeSpan.FromMilliseconds(460), _options).Single();

        Assert.AreEqual(70, segment.Start.TotalMilliseconds);
        Assert.AreEqual(460, segment.End.TotalMilliseconds);
    }

    [TestMethod]
    public void Find_SpeechFromTheStart_BeginsAtZero() => Assert.AreEqual(TimeSpan.Zero, Find("9999000").Single().Start);

    [TestMethod]
    public void Find_GapShorterThanTwoPaddings_IsShared()
    {
        var segments = Find("0999909999", _options with { Padding = TimeSpan.FromMilliseconds(80) });

        Assert.HasCount(2, segments);
        Assert.AreEqual(550, segments[0].End.TotalMilliseconds);
        Assert.AreEqual(550, segments[1].Start.TotalMilliseconds);
    }

    [TestMethod]
    public void Draw_MoreValuesThanColumns_ShowsTheLargest() => Assert.AreEqual("▁█▅", Sparkline.Draw([0, 0.1f, 1, 0.2f, 0, 0.5f], 3));

    [TestMethod]
    public void Draw_FewerValuesThanColumns_ShowsEachOnce() => Assert.AreEqual("▁█", Sparkline.Draw([0, 1], 80));

    private static IReadOnlyList<SpeechSegment> Find(string tenths, SegmentationOptions? options = null) =>
        SpeechSegmentation.Find(Parse(tenths), _chunk, _chunk * tenths.Length, options ?? _options);

    /// <summary>One digit a chunk: its probability in tenths.</summary>
    private static float[] Parse(string tenths) => [.. tenths.Select(digit => (digit - '0') / 10f)];
}
