using EdgeAI.Providers.Cpu.Probing;

namespace EdgeAI.Providers.Cpu.Tests.Probing;

[TestClass]
public sealed class CpuIdFeaturesTests
{
    // A fourth-generation Xeon's leaves, reduced to the bits that matter; the manual's tables give their places.
    private static readonly Dictionary<(int, int), (int, int, int, int)> _sapphireRapids = new()
    {
        [(0, 0)] = (0x20, 0, 0, 0),
        [(1, 0)] = (0, 0, (1 << 12) | (1 << 20) | (1 << 28) | (1 << 29), 0),
        [(7, 0)] = (2, (1 << 5) | (1 << 16) | (1 << 17) | (1 << 30) | (1 << 31), (1 << 1) | (1 << 11), (1 << 22) | (1 << 23) | (1 << 24) | (1 << 25)),
        [(7, 1)] = ((1 << 4) | (1 << 5), 0, 0, 0),
    };

    private static readonly string[] _tiles = ["amx_bf16", "amx_int8", "amx_tile"];

    [TestMethod]
    public void Decode_ServerCpu_HasItsSets()
    {
        var sets = Decode(_sapphireRapids, ["amx_tile", "sse4_2"], ymm: true, zmm: true);

        CollectionAssert.AreEquivalent(
            (string[])["sse4_2", "fma", "avx", "f16c", "avx2", "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512vbmi", "avx512_vnni", "avx512_fp16", "avx_vnni", "avx512_bf16", .. _tiles],
            sets);
    }

    [TestMethod]
    public void Decode_SystemThatSavesNoTiles_HasNone() =>
        Assert.IsEmpty(Decode(_sapphireRapids, ["avx512f"], ymm: true, zmm: true).Intersect(_tiles));

    [TestMethod]
    public void Decode_SystemThatSavesNoWideRegisters_HasOnlyNarrowSets() =>
        CollectionAssert.AreEqual(new[] { "sse4_2" }, Decode(_sapphireRapids, kernel: null, ymm: false, zmm: false));

    [TestMethod]
    public void Decode_SetSwitchedOffForDotNet_IsStillTheKernels() =>
        CollectionAssert.Contains(Decode(_sapphireRapids, ["avx", "avx512f"], ymm: false, zmm: false), "avx512_vnni");

    [TestMethod]
    public void Decode_FlagThatTheLeavesDoNotTell_IsTheKernels() =>
        CollectionAssert.Contains(Decode(_sapphireRapids, ["avx10_1"], ymm: true, zmm: true), "avx10_1");

    [TestMethod]
    public void Decode_FlagOfTheKernelThatTheProcessorDenies_IsNot() =>
        CollectionAssert.DoesNotContain(Decode(_sapphireRapids, ["amx_fp16", "amx_tile"], ymm: true, zmm: true), "amx_fp16");

    [TestMethod]
    public void Decode_OldCpuWithoutLeafSeven_IgnoresWhatItAnswersThere()
    {
        var old = new Dictionary<(int, int), (int, int, int, int)>(_sapphireRapids) { [(0, 0)] = (6, 0, 0, 0) };

        CollectionAssert.DoesNotContain(Decode(old, kernel: null, ymm: true, zmm: true), "avx2");
    }

    [TestMethod]
    public void Decode_SubLeafThatIsNotThere_IsIgnored()
    {
        var without = new Dictionary<(int, int), (int, int, int, int)>(_sapphireRapids);
        without[(7, 0)] = without[(7, 0)] with { Item1 = 0 };

        CollectionAssert.DoesNotContain(Decode(without, kernel: null, ymm: true, zmm: true), "avx_vnni");
    }

    private static string[] Decode(Dictionary<(int, int), (int, int, int, int)> leaves, HashSet<string>? kernel, bool ymm, bool zmm) =>
        [.. CpuIdFeatures.Decode((leaf, subLeaf) => leaves.GetValueOrDefault((leaf, subLeaf)), kernel, ymm, zmm)];
}
