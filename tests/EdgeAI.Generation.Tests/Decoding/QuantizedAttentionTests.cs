namespace EdgeAI.Generation.Tests;

/// <summary>What ONNX Runtime's attention does with a cache of 8-bit codes on the CPU: written down here, since the builder and the engine rely on it.</summary>
[TestClass]
public sealed class QuantizedAttentionTests
{
    // Sums of some dozen products near 1 in single precision; a wrong position, scale or mask is off by 0.01 and more.
    private const double Tolerance = 2e-5;

    public static IEnumerable<object[]> Cases =>
    [
        [new AttentionCase("a scale for each channel")],
        [new AttentionCase("one scale") { IsPerChannel = false }],
        [new AttentionCase("rotary") { IsRotary = true }],
        [new AttentionCase("sliding window") { Window = 5, IsRotary = true }],
        [new AttentionCase("soft cap") { SoftCap = 2 }],
        [new AttentionCase("soft cap and sliding window") { SoftCap = 2, Window = 5, IsPerChannel = false }],
        [new AttentionCase("heads of 64") { HeadSize = 64, IsRotary = true }],
        [new AttentionCase("heads of 80") { HeadSize = 80, IsRotary = true }],
        [new AttentionCase("heads of 128") { HeadSize = 128, IsRotary = true, Heads = 8 }],
        [new AttentionCase("heads of 256") { HeadSize = 256, Heads = 2, KeyValueHeads = 1 }],
        [new AttentionCase("a key head for each query head") { KeyValueHeads = 4 }],
    ];

    /// <summary>Prompts in pieces on a slot's slice, then steps of several slots of different lengths, a prompt between them, and steps again.</summary>
    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task Attend_PromptsAndSteps_AnswerIsThatOfTheNearestCodes(object attention)
    {
        var random = new Random(3);
        await using var node = await QuantizedAttention.OpenAsync((AttentionCase)attention);

        var differences = new List<double> { await node.RunAsync(0, 1, 7, random), await node.RunAsync(1, 1, 1, random), await node.RunAsync(0, 1, 4, random), await node.RunAsync(2, 1, 19, random) };
        for (var step = 0; step < 3; step++) differences.Add(await node.RunAsync(0, 3, 1, random));
        differences.Add(await node.RunAsync(1, 1, 6, random));
        differences.Add(await node.RunAsync(1, 2, 1, random));
        differences.Add(await node.RunAsync(0, 3, 1, random));

        Assert.IsLessThan(Tolerance, differences.Max(), string.Join(' ', differences.Select(difference => $"{difference:E1}")));
    }

    /// <summary>Only the number of scales counts, and GenAI's builder declares another shape than we do.</summary>
    [TestMethod]
    [DataRow(1, 2, 1, 16)]
    [DataRow(1, 1, 1, 32)]
    public async Task Attend_ScalesOfAnotherShape_AreTaken(int first, int second, int third, int fourth)
    {
        await using var node = await QuantizedAttention.OpenAsync(new AttentionCase("shape"), [first, second, third, fourth]);

        Assert.IsLessThan(Tolerance, await node.RunAsync(0, 1, 7, new Random(3)));
    }

    [TestMethod]
    public async Task Attend_TooFewScales_IsRefused()
    {
        await using var node = await QuantizedAttention.OpenAsync(new AttentionCase("too few"), [1, 1, 1, 16]);

        await Assert.ThrowsAsync<Exception>(() => node.RunAsync(0, 1, 7, new Random(3)));
    }
}
