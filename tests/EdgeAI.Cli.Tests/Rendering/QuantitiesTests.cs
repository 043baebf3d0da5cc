using EdgeAI.Cli.Rendering;

namespace EdgeAI.Cli.Tests.Rendering;

[TestClass]
public sealed class QuantitiesTests
{
    [TestMethod]
    [DataRow(null, "-")]
    [DataRow(0L, "0 bytes")]
    [DataRow(1023L, "1023 bytes")]
    [DataRow(1536L, "1.50 KiB")]
    [DataRow(25_276_510_208L, "23.5 GiB")]
    [DataRow(long.MaxValue, "8.00 EiB")]
    public void Bytes_AnyAmount_HasThreeDigits(long? bytes, string expected) => Assert.AreEqual(expected, Quantities.Bytes(bytes));

    [TestMethod]
    [DataRow(0.0, "0")]
    [DataRow(0.01234, "0.0123")]
    [DataRow(1.0, "1.00")]
    [DataRow(12.34, "12.3")]
    [DataRow(123.4, "123")]
    [DataRow(12345.6, "12,346")]
    public void Significant_AnyNumber_HasThreeDigitsThatCount(double value, string expected) => Assert.AreEqual(expected, Quantities.Significant(value));
}
