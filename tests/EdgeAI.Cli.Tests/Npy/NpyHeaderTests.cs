using System.Text;
using EdgeAI.Cli.Npy;

namespace EdgeAI.Cli.Tests.Npy;

[TestClass]
public sealed class NpyHeaderTests
{
    [TestMethod]
    public void ToBytes_Matrix_IsTheSpecificationsLayout()
    {
        var bytes = new NpyHeader(new NpyType('f', 4), false, [2, 3]).ToBytes();

        // 10 bytes of magic, version and length; 118 = 0x76 bytes of dictionary, spaces and line feed; the data starts at 128.
        byte[] expected = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 0x01, 0x00, 0x76, 0x00, .. Encoding.ASCII.GetBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n")];
        CollectionAssert.AreEqual(expected, bytes);
    }

    [TestMethod]
    [DataRow(new long[0], "()")]
    [DataRow(new long[] { 7 }, "(7,)")]
    [DataRow(new long[] { 0, 5 }, "(0, 5)")]
    [DataRow(new long[] { 1, 3, 224, 224 }, "(1, 3, 224, 224)")]
    public void ToBytes_AnyRank_WritesAPythonTuple(long[] lengths, string tuple)
    {
        var bytes = new NpyHeader(new NpyType('i', 8), false, [.. lengths.Select(length => (nint)length)]).ToBytes();

        Assert.AreEqual(0, bytes.Length % 64);
        Assert.AreEqual((byte)'\n', bytes[^1]);
        Assert.StartsWith($"{{'descr': '<i8', 'fortran_order': False, 'shape': {tuple}, }}", Encoding.ASCII.GetString(bytes, 10, bytes.Length - 10));
    }

    [TestMethod]
    public void ToBytes_AnyLength_IsPaddedToTheNextBlockAndNoFurther()
    {
        for (var digits = 1; digits < 19; digits++)
        {
            foreach (var rank in (int[])[1, 2, 3, 4])
            {
                var bytes = new NpyHeader(new NpyType('f', 4), false, [.. Enumerable.Repeat((nint)Math.Pow(10, digits - 1), rank)]).ToBytes();

                var text = Encoding.ASCII.GetString(bytes, 10, bytes.Length - 10).TrimEnd();
                Assert.AreEqual((10 + text.Length + 1 + 63) / 64 * 64, bytes.Length);
            }
        }
    }

    [TestMethod]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }")]
    [DataRow("{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<f4\"}")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }")]
    [DataRow("  { 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 2 , 3 , ) } ")]
    public void Read_DictionaryInAnyPythonSpelling_IsUnderstood(string dictionary)
    {
        foreach (var version in (int[])[1, 2, 3])
        {
            var header = Read(NpyFile.Create(dictionary, [], version));

            Assert.AreEqual(new NpyType('f', 4), header.Type);
            Assert.IsFalse(header.IsFortranOrder);
            CollectionAssert.AreEqual((nint[])[2, 3], header.Lengths);
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{")]
    [DataRow("{}")]
    [DataRow("{'descr': '<f4', 'fortran_order': False}")]
    [DataRow("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': 3}")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (3")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}")]
    [DataRow("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'other': 1}")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x")]
    [DataRow("{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (1,)}")]
    [DataRow("{'descr': '<f4, 'fortran_order': False, 'shape': (1,)}")]
    [DataRow("{'descr': 'f', 'fortran_order': False, 'shape': (1,)}")]
    public void Read_MalformedDictionary_NamesTheFile(string dictionary)
    {
        var error = Assert.ThrowsExactly<NpyException>(() => Read(NpyFile.Create(dictionary, [])));

        Assert.StartsWith("a.npy: ", error.Message);
    }

    [TestMethod]
    [DataRow("|O", "can run code")]
    [DataRow("<M8[ns]", "no ONNX counterpart")]
    [DataRow("<f16", "no ONNX counterpart")]
    [DataRow("|V3", "no ONNX counterpart")]
    public void Read_TypeWithoutCounterpart_SaysWhatToDo(string description, string explanation)
    {
        var error = Assert.ThrowsExactly<NpyException>(() => Read(NpyFile.Create(description, "(1,)", [])));

        Assert.Contains(explanation, error.Message);
    }

    [TestMethod]
    public void Read_Records_AreRefused()
    {
        var error = Assert.ThrowsExactly<NpyException>(() => Read(NpyFile.Create("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", [])));

        Assert.Contains("records", error.Message);
    }

    [TestMethod]
    public void Read_TruncatedAnywhere_NamesTheFile()
    {
        var whole = NpyFile.Create("<f4", "(2, 3)", []);
        for (var length = 0; length < whole.Length; length++)
        {
            var start = whole[..length];
            Assert.ThrowsExactly<NpyException>(() => Read(start));
        }
    }

    [TestMethod]
    public void Read_HugeHeaderLength_IsRefusedBeforeItIsRead()
    {
        var error = Assert.ThrowsExactly<NpyException>(() => Read([0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, (byte)'{']));

        Assert.Contains("4294967295 bytes", error.Message);
    }

    [TestMethod]
    [DataRow((byte)0, (byte)0)]
    [DataRow((byte)4, (byte)0)]
    [DataRow((byte)1, (byte)1)]
    public void Read_UnknownVersion_IsRefused(byte major, byte minor)
    {
        var error = Assert.ThrowsExactly<NpyException>(() => Read([0x93, .. "NUMPY"u8, major, minor, 0, 0, 0, 0]));

        Assert.Contains($"{major}.{minor}", error.Message);
    }

    private static NpyHeader Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return NpyHeader.Read(stream, "a.npy");
    }
}
