namespace EdgeAI.Generation;

[TestClass]
public sealed class PhiloxTests
{
    /// <summary>The known answers that the authors publish with their library Random123.</summary>
    [TestMethod]
    [DataRow(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [DataRow(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [DataRow(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Block_PublishedVectors_GivesPublishedAnswers(uint a, uint b, uint c, uint d, uint keyA, uint keyB, uint x, uint y, uint z, uint w) =>
        Assert.AreEqual((x, y, z, w), Philox.Block((a, b, c, d), (keyA, keyB)));

    [TestMethod]
    public void Uniform_FirstPlaces_AreTheTopBitsOfTheBlock() =>
        Assert.AreEqual((0x6627e8d5e169c58dUL >> 11) / Math.Pow(2, 53), Philox.Uniform(0, 0));

    [TestMethod]
    public void Uniform_ManyPlacesAndSeeds_IsSpreadEvenly()
    {
        var counts = new int[64];
        for (var seed = 0; seed < 64; seed++)
        {
            for (var place = 0; place < 1000; place++) counts[(int)(64 * Philox.Uniform(seed, place))]++;
        }

        // Chi-square with 63 degrees of freedom passes 113 once in ten thousand; the numbers are fixed, so this cannot flicker.
        Assert.IsLessThan(113, counts.Sum(count => (count - 1000.0) * (count - 1000) / 1000));
    }
}
