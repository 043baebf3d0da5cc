using CsCheck;

namespace EdgeAI.Generation.Tests;

/// <summary>Damaged and hostile safetensors files: refused with our error, in bounded memory.</summary>
[TestClass]
public sealed class BadSafetensorsTests
{
    private const string Good = """{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""";

    [TestMethod]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", 12, "does not fit")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "only 4 bytes of data")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "ends before it begins")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "4 bytes before the tensor 'w'")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "1 bytes after its last tensor")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "overlaps")]
    [DataRow("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "from 0 to")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", 8, "from 0 to")]
    [DataRow("""{"w":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", 8, "from 0 to")]
    [DataRow("""{"w":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", 8, "from 0 to")]
    [DataRow("""{"w":{"dtype":"F32","shape":[18446744073709551618],"data_offsets":[0,8]}}""", 8, "from 0 to")]
    [DataRow("""{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "does not fit")]
    [DataRow("""{"w":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,8]}}""", 8, "does not fit")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}}""", 8, "only 8 bytes")]
    [DataRow("""{"w":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", 8, "more than 16")]
    [DataRow("""{"w":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", 8, "tensor 'w' of type 'I64'")]
    [DataRow("""{"w":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", 8, "tensor 'w' of type 'F8_E4M3'")]
    [DataRow("""{"w":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}""", 8, "not valid JSON")]
    [DataRow("""{"w":{"shape":[2],"data_offsets":[0,8]}}""", 8, "without type")]
    [DataRow("""{"w":{"dtype":"F32","data_offsets":[0,8]}}""", 8, "without type, shape")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2]}}""", 8, "without type, shape or a range")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""", 8, "range of two")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""", 8, "twice")]
    [DataRow("""{"w":[]}""", 8, "not an object")]
    [DataRow("""{"w":{"dtype":"F32","shape":{"0":2},"data_offsets":[0,8]}}""", 8, "not an array")]
    [DataRow("""[]""", 0, "not a JSON object")]
    [DataRow("""{"w":""", 0, "not valid JSON")]
    [DataRow("""{} x""", 0, "not valid JSON")]
    [DataRow("", 0, "not valid JSON")]
    [DataRow("""{"\uD800":{}}""", 0, "not valid JSON")]
    public void Open_BadHeader_IsRefused(string header, int dataLength, string expected) => AssertRefused(SafetensorsFile.Assemble(header, new byte[dataLength]), expected);

    [TestMethod]
    public void Open_NameTwice_IsRefused() => AssertRefused(SafetensorsFile.Assemble($$"""{"w":{{Good}},"w":{{Good}}}""", new byte[8]), "'w' twice");

    [TestMethod]
    [DataRow(3UL, "")]
    [DataRow(1000UL, "header has 1000 bytes, but")]
    [DataRow(100_000_001UL, "at most 100000000")]
    [DataRow(1UL << 63, "at most 100000000")]
    [DataRow(ulong.MaxValue, "at most 100000000")]
    public void Open_HeaderLengthLies_IsRefused(ulong length, string expected) =>
        AssertRefused(SafetensorsFile.Assemble($$"""{"w":{{Good}}}""", new byte[8], length), expected);

    [TestMethod]
    public void Open_EveryTruncation_IsRefused()
    {
        var whole = new SafetensorsFile().Add("a", [1f, 2f, 3f], [3]).Add("b", [1f, 2f], [2], WeightFormat.Float16).ToBytes();
        for (var length = 0; length < whole.Length; length++) AssertRefused(whole[..length], "");
    }

    [TestMethod]
    public void Open_HostileName_IsShownOnOneShortLine()
    {
        var name = string.Concat(Enumerable.Repeat("\\n\\u001b[31m", 10_000));
        var error = Refuse(SafetensorsFile.Assemble($$$"""{"{{{name}}}":{"dtype":"I8","shape":[],"data_offsets":[0,1]}}""", new byte[1]));
        Assert.IsLessThan(1000, error.Message.Length);
        Assert.IsFalse(error.Message.Any(char.IsControl));
    }

    [TestMethod]
    [Timeout(120_000)]
    public void Open_Mutated_IsRefusedOrReadInBoundedMemory()
    {
        var whole = new SafetensorsFile().Add("model.embed", new float[12], [3, 4]).Add("b", [1f, 2f], [2], WeightFormat.Float16).Add("c", [1f], [1, 1], WeightFormat.BFloat16).ToBytes();
        using var folder = SafetensorsTests.Folder(whole);
        var (accepted, refused) = (0, 0);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Bool).Sample(
            (i, a, j, b, two) =>
            {
                var bytes = (byte[])whole.Clone();
                bytes[i] = a;
                if (two) bytes[j] = b;
                if (IsRead(folder, bytes)) accepted++;
                else refused++;
            },
            iter: 2000,
            threads: 1);

        // Were none or all accepted, the mutations would prove nothing.
        Assert.IsGreaterThan(100, accepted);
        Assert.IsGreaterThan(100, refused);
    }

    [TestMethod]
    [Timeout(120_000)]
    public void Open_AnyHeader_IsRefusedOrReadInBoundedMemory()
    {
        using var folder = SafetensorsTests.Folder([]);
        var number = Gen.OneOf(Gen.Long[0, 12], Gen.Long, Gen.OneOf(long.MaxValue, long.MinValue, 1L << 32));
        var entry = Gen.Select(Gen.OneOf("F32", "F16", "BF16", "U8"), number.Array[0, 3], number, number, Gen.OneOf("a", "b", "c"));
        Gen.Select(entry.Array[0, 3], Gen.Int[0, 40]).Sample(
            (entries, length) =>
            {
                var header = string.Join(',', entries.Select(e => $$"""
                    "{{e.Item5}}":{"dtype":"{{e.Item1}}","shape":[{{string.Join(',', e.Item2)}}],"data_offsets":[{{e.Item3}},{{e.Item4}}]}
                    """));
                IsRead(folder, SafetensorsFile.Assemble($"{{{header}}}", new byte[length]));
            },
            iter: 2000,
            threads: 1);
    }

    private static bool IsRead(TemporaryFolder folder, byte[] bytes)
    {
        folder.Write("model.safetensors", bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var checkpoint = Checkpoint.Open(folder.Path);
            foreach (var weight in checkpoint.Weights.Values) weight.ReadRows(0, new float[weight.Rows * weight.Columns]);
            return true;
        }
        catch (ModelLoadException)
        {
            return false;
        }
        finally
        {
            Assert.IsLessThan(200_000, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void AssertRefused(byte[] bytes, string expected)
    {
        var error = Refuse(bytes);
        StringAssert.Contains(error.Message, expected);
        StringAssert.Contains(error.Message, "model.safetensors");
    }

    private static ModelLoadException Refuse(byte[] bytes)
    {
        using var folder = SafetensorsTests.Folder(bytes);
        return Assert.ThrowsExactly<ModelLoadException>(() => Checkpoint.Open(folder.Path).Dispose());
    }
}
