using System.Buffers.Binary;
using CsCheck;

namespace EdgeAI.Generation.Tests;

/// <summary>Damaged and hostile GGUF files: refused with our error, in bounded memory.</summary>
[TestClass]
public sealed class BadGgufTests
{
    private static readonly float[] _row = new float[32];

    public static IEnumerable<object[]> Bad =>
    [
        [Small().AddRaw("w", 0, new byte[8], [1L << 62]), "more than a file can hold"],
        [Small().AddRaw("w", 0, new byte[8], [1L << 40, 1L << 40]), "more than a file can hold"],
        [Small().AddRaw("w", 0, new byte[8], [0]), "with a length of 0"],
        [Small().AddRaw("w", 0, new byte[8], [-1]), "with a length of 18446744073709551615"],
        [Small().AddRaw("w", 0, new byte[8], [1, 1, 1, 1, 2]), "5 dimensions"],
        [Small().AddRaw("w", 0, new byte[8], [100]), "download was cut off"],
        [Small().AddRaw("w", 0, new byte[8], [2], offset: 1 << 20), "download was cut off"],
        [Small().AddRaw("w", 0, new byte[8], [2], offset: ulong.MaxValue - 31), "download was cut off"],
        [Small().AddRaw("w", 0, new byte[8], [2], offset: 7), "not aligned to 32"],
        [Small().AddRaw("w", 0, new byte[8], [2], offset: 32), "overlaps"],
        [Small().AddRaw("w", 2, new byte[18], [33]), "no whole blocks of 32"],
        [Small().AddRaw("w", 14, new byte[210], [32, 8]), "no whole blocks of 256"],
        [Small().AddRaw("w", 17, new byte[74], [256]), "'w' of type IQ2_XS; supported are F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL and IQ4_XS"],
        [Small().AddRaw("w", 11, new byte[110], [32, 8]), "no whole blocks of 256"],
        [Small().AddRaw("w", 20, new byte[18], [33]), "no whole blocks of 32"],
        [Small().AddRaw("w", 26, new byte[4], [1]), "'w' of type I32"],
        [Small().AddRaw("w", 4711, new byte[4], [1]), "'w' of type number 4711"],
        [Small().Add("w", _row, [32]).Add("w", _row, [32]), "'w' twice"],
        [Small().Add("output_norm.weight", _row, [32]).Add("model.norm.weight", _row, [32]), "two tensors that mean 'model.norm.weight'"],
        [Small().With("general.name", "a").With("general.name", "b"), "'general.name' twice"],
        [Small().With("general.alignment", 24u), "alignment of 24"],
        [Small().With("general.alignment", 0u), "alignment of 0"],
        [Small().With("general.alignment", "x"), "'general.alignment' that is not a whole number"],
        [new GgufFile(version: 1), "version 1"],
        [new GgufFile(version: 3 << 24), "big-endian"],
        [new GgufFile(), "lacks the metadata 'general.architecture'"],
        [new GgufFile().With("general.architecture", 1u), "not a text"],
        [new GgufFile().With("general.architecture", "mamba"), "supported are llama, mistral, qwen2, qwen3, phi3, gemma2"],
        [new GgufFile().With("general.architecture", "llama"), "lacks the metadata 'llama."],
        [Small().With("llama.expert_count", 8u), "mixture of experts, which is not supported; supported are models of llama, mistral, qwen2, qwen3, phi3, gemma2"],
        [Small().With("llama.attention.value_length", 5u), "only equal sizes"],
        [Small().With("llama.rope.scaling.type", "linear"), "lacks the metadata 'llama.rope.scaling.factor'"],
        [Small().With("llama.rope.scaling.type", "spiral"), "'spiral'"],
        [Small().With("llama.rope.freq_base", float.NaN), "'llama.rope.freq_base' that is not a finite number"],
        [Small().With("llama.attention.key_length", 0u), "4 heads for a hidden size of 16"],
        [Small().Add("rope_freqs.weight", [1f, 0f], [2]), "a factor that is not a number over 0"],
        [Small().Add("rope_factors_long.weight", [1f, 1f], [2]), "lacks rope_factors_short.weight"],
    ];

    [TestMethod]
    [DynamicData(nameof(Bad))]
    public void Open_BadFile_IsRefused(object file, string expected) => StringAssert.Contains(GgufModel.Refuse(((GgufFile)file).ToBytes()).Message, expected);

    [TestMethod]
    public void Open_SomethingElse_IsRefused() => StringAssert.Contains(GgufModel.Refuse("not a model at all"u8.ToArray()).Message, "does not begin with GGUF");

    [TestMethod]
    public void Open_NoFile_IsRefused() => StringAssert.Contains(Assert.ThrowsExactly<ModelLoadException>(() => Checkpoint.Open("/nowhere/model.gguf").Dispose()).Message, "cannot be found");

    [TestMethod]
    [DataRow(8, ulong.MaxValue)]
    [DataRow(16, ulong.MaxValue)]
    [DataRow(24, ulong.MaxValue)]
    [DataRow(24, 1UL << 40)]
    [DataRow(8, 1_000_000UL)]
    public void Open_CountOrLengthLies_IsRefused(int position, ulong value)
    {
        var bytes = Small().ToBytes();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(position), value);
        GgufModel.Refuse(bytes);
    }

    [TestMethod]
    public void Open_ArrayLengthLies_IsRefusedBeforeItIsAllocated()
    {
        var bytes = new GgufFile().With("k", new[] { 1f, 2f }).ToBytes();

        // After the head of 24 bytes: key of 8 + 1, type, element type, then the count.
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24 + 9 + 8), 1UL << 40);
        StringAssert.Contains(GgufModel.Refuse(bytes).Message, "announces 1099511627776 elements");
    }

    [TestMethod]
    public void Open_ArrayOfArrays_IsRefused()
    {
        var bytes = new GgufFile().With("k", new[] { 1f, 2f }).ToBytes();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24 + 9 + 4), 9);
        StringAssert.Contains(GgufModel.Refuse(bytes).Message, "array of arrays");
    }

    [TestMethod]
    public void Open_EveryTruncation_IsRefused()
    {
        var whole = Small().With("tokenizer.ggml.tokens", new[] { "a", "b", "c" }).Add("output_norm.weight", _row, [32]).ToBytes();
        for (var length = 0; length < whole.Length; length += length < 40 ? 1 : 7) GgufModel.Refuse(whole[..length]);
    }

    [TestMethod]
    [Timeout(120_000)]
    public void Open_Mutated_IsRefusedOrReadInBoundedMemory()
    {
        var whole = Small().With("tokenizer.ggml.tokens", new[] { "a", "b", "c" }).Add("output_norm.weight", _row, [32], WeightFormat.Q8_0).ToBytes();
        using var folder = new TemporaryFolder();
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

    private static bool IsRead(TemporaryFolder folder, byte[] bytes)
    {
        var path = folder.Write("model.gguf", bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var checkpoint = Checkpoint.Open(path);
            foreach (var weight in checkpoint.Weights.Values) weight.ReadRows(0, new float[weight.Rows * weight.Columns]);
            return true;
        }
        catch (ModelLoadException)
        {
            return false;
        }
        finally
        {
            Assert.IsLessThan(500_000, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static GgufFile Small() => GgufModel.Small();
}
