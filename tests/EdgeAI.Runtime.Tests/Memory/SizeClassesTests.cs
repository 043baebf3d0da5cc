using CsCheck;

namespace EdgeAI.Memory;

[TestClass]
public sealed class SizeClassesTests
{
    [TestMethod]
    [DataRow(0u, 128u)]
    [DataRow(1u, 128u)]
    [DataRow(128u, 128u)]
    [DataRow(129u, 160u)]
    [DataRow(256u, 256u)]
    [DataRow(257u, 320u)]
    [DataRow(1000u, 1024u)]
    [DataRow(1025u, 1280u)]
    public void RoundUp_KnownSizes_ReturnsTheirClass(uint byteLength, uint expected) =>
        Assert.AreEqual((nuint)expected, SizeClasses.RoundUp(byteLength));

    [TestMethod]
    public void RoundUp_AnySize_FitsWastesAtMostAFifthAndIsStable() =>
        Gen.Long[129, 1L << 45].Sample(size =>
        {
            var rounded = SizeClasses.RoundUp((nuint)size);
            return rounded >= (nuint)size && (double)(rounded - (nuint)size) <= 0.2 * rounded + 1 && SizeClasses.RoundUp(rounded) == rounded;
        });
}
