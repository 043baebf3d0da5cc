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

    [TestMethod]
    public void IndexOf_AnyTwoSizes_AreEqualExactlyWithinAClass() =>
        Gen.Select(Gen.Long[0, 1L << 45], Gen.Long[0, 300]).Sample((size, step) =>
        {
            var (small, large) = ((nuint)size, (nuint)(size + step));
            var isOrdered = SizeClasses.IndexOf(small) <= SizeClasses.IndexOf(large);
            var isSame = SizeClasses.IndexOf(small) == SizeClasses.IndexOf(large);
            return isOrdered && isSame == (SizeClasses.RoundUp(small) == SizeClasses.RoundUp(large));
        });

    [TestMethod]
    public void IndexOf_Largest_IsTheLastClass() => Assert.AreEqual(SizeClasses.Count - 1, SizeClasses.IndexOf(nuint.MaxValue));
}
